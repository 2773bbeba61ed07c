import { expect, test } from "vitest";
import { parseText } from "../../../../src/node/template/core/parse.ts";
import type { Statement } from "../../../../src/node/template/core/syntax-types.ts";

const parse = (text: string): ReturnType<typeof parseText> =>
  parseText(text, { left: "", right: "" }, () => undefined);
const kinds = (statements: readonly Statement[]): readonly string[] =>
  statements.map(({ kind }) => kind);

test("blocks hold what is between their marks", () => {
  const [branch, text] = parse("{{ if a }}1{{ else if b }}2{{ else }}3{{ end }}x").body;
  expect(text).toMatchObject({ kind: "text", text: "x" });
  expect(branch).toMatchObject({
    kind: "if",
    body: [{ text: "1" }],
    otherwise: [{ kind: "if", body: [{ text: "2" }], otherwise: [{ text: "3" }] }],
  });
});

test("definitions are kept apart; a block is one with its use", () => {
  const { body, definitions } = parse("{{ define `a` }}1{{ end }}{{ block `b` 2 }}3{{ end }}");
  expect(kinds(body)).toEqual(["template"]);
  expect([...definitions.keys()]).toEqual(["a", "b"]);
});

test.each([
  ["{{ if a }}", "unexpected end of text in block that is not ended"],
  ["{{ end }}", "unexpected {{end}}"],
  ["{{ else }}", "unexpected {{else}}"],
  ["{{ break }}", "{{break}} outside {{range}}"],
  ["{{ range a }}{{ define `x` }}{{ end }}{{ end }}", "unexpected {{define}}"],
  ["{{ define `x` }}1{{ end }}{{ define `x` }}2{{ end }}", 'multiple definition of template "x"'],
  ["{{ if a }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}"],
  ["{{ template x }}", 'unexpected "x" in template clause'],
])("%j is refused", (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
