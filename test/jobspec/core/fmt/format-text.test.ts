import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatText } from "../../../../src/jobspec/core/fmt/format-text.ts";
import { parseJob } from "../../../../src/jobspec/parse-job.ts";
import { leastCpuMs } from "../../../support/cpu-time.ts";
import { linesOf } from "./pieces.ts";

/** Every recorded job file that has no fault in its language. */
const golden = readdirSync("test/golden/data", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(?:nomad|hcl)$/.test(path))
  .map((path) => readFileSync(`test/golden/data/${path}`, "utf8"))
  .filter((text) => formatText("t", text).ok);

function formatted(text: string): string {
  const result = formatText("t", text);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.text;
}

/** What a job file means, or only that it means nothing: places of faults move with the text. */
function meaningOf(text: string): unknown {
  const result = parseJob(text, { file: "t" });
  return result.ok ? result.body : result.diagnostics.map((diagnostic) => diagnostic.summary);
}

const commentsOf = (text: string): readonly string[] =>
  linesOf(text)
    .flat()
    .filter((piece) => piece.kind === "comment")
    .map((piece) => piece.text.replaceAll(/\n\s*/g, "\n"));

test.each([
  ["an argument", "a=1", "a = 1\n"],
  ["nothing", "", ""],
  ["only blanks", " \n\t\r\n\n", ""],
  ["a byte order mark", "\uFEFFa = 1\n", "a = 1\n"],
  ["carriage returns", "a {\r\n  b = 1\r\n}\r\n", "a {\n  b = 1\n}\n"],
  ["blank lines", "\n\na = 1\n\n\n\nb = 2\n\n", "a = 1\n\nb = 2\n"],
  [
    "blank lines at brackets",
    "a {\n\n  b = [\n\n    1,\n\n  ]\n\n}\n",
    "a {\n  b = [\n    1,\n  ]\n}\n",
  ],
  ["blank lines after a comment", "a { # x\n\n# y\n\n\nb = 1\n}", "a { # x\n  # y\n\n  b = 1\n}\n"],
  ["blanks at line ends", "a = 1  \n# b \t\n", "a = 1\n# b\n"],
  [
    "a job",
    'job "x" {\ntype="batch"\n    group "g" {}\n}\n',
    'job "x" {\n  type = "batch"\n  group "g" {}\n}\n',
  ],
  [
    "neighbours",
    'task "t" {\ndriver="docker"\nuser = "a" # who\nkill_timeout = "5s" # how long\nconfig {\nargs = [\n"a",\n"b"\n]\n}\n}',
    'task "t" {\n  driver       = "docker"\n  user         = "a"  # who\n  kill_timeout = "5s" # how long\n  config {\n    args = [\n      "a",\n      "b"\n    ]\n  }\n}\n',
  ],
  [
    "a heredoc",
    "template {\n      data = <<EOH\n   as it is  \n\tand \r\nEOH\n    env=true\n}",
    "template {\n  data = <<EOH\n   as it is  \n\tand \r\nEOH\n  env = true\n}\n",
  ],
  [
    "quoted text",
    'a   = "x   ${ y } %{if true}z%{endif}"',
    'a = "x   ${ y } %{if true}z%{endif}"\n',
  ],
  [
    "references for the node",
    "a=attr . x [ 0 ]\nb=var . x [ 0 ]",
    "a = attr . x [ 0 ]\nb = var.x[0]\n",
  ],
  ["a comment over lines", "a {\n/*\n * b\n  */\n}", "a {\n  /*\n   * b\n    */\n}\n"],
  ["a comment that was too far", "    /*\n     * b\n   c\nd */\n", "/*\n * b\nc\nd */\n"],
  ["comments of all kinds", "#a\n//b\n/* c */\n\n#d", "#a\n//b\n/* c */\n\n#d\n"],
  ["a conditional over lines", "a = (\nb\n? 1\n: -2\n)", "a = (\n  b\n  ? 1\n  : -2\n)\n"],
])("%s has one form", (_, text, expected) => {
  expect(formatted(text)).toBe(expected);
  expect(formatted(expected)).toBe(expected);
});

test("a text with a fault is not written anew; the fault has its place", () => {
  expect(formatText("a.nomad", 'job "x" {\n  group {\n')).toMatchObject({
    ok: false,
    diagnostics: [{ file: "a.nomad", start: { line: 2, column: 9 } }],
  });
});

test("every recorded job file keeps its meaning and its comments, and is formatted after one time", () => {
  expect(golden.length).toBeGreaterThan(200);
  for (const text of golden) {
    const once = formatted(text);
    expect(formatted(once)).toBe(once);
    expect(meaningOf(once)).toEqual(meaningOf(text));
    expect(commentsOf(once)).toEqual(commentsOf(text));
    expect(once).not.toContain("\uFEFF");
  }
});

/** The text with other blanks, drawn from the numbers in turn. A file's lines and their number of blank lines stay. */
function respaced(text: string, draws: readonly number[]): string {
  let at = 0;
  const draw = (below: number): number => (draws[at++ % draws.length] ?? 0) % below;
  const bare = "={}[](),";
  const isBare = (piece: { readonly kind: string; readonly text: string }): boolean =>
    piece.kind === "sign" && bare.includes(piece.text);
  return linesOf(text)
    .map((line) => {
      let out = ["", "  ", "\t", "       "][draw(4)] ?? "";
      line.forEach((piece, index) => {
        const before = line[index - 1];
        const least = before === undefined || isBare(before) || isBare(piece) ? 0 : 1;
        if (before !== undefined) out += " ".repeat(least + draw(3)) + (draw(5) === 0 ? "\t" : "");
        out += piece.text;
      });
      const end = draw(2) === 0 ? "\n" : " \r\n";
      return line.length === 0 ? end.repeat(1 + draw(3)) : out + end;
    })
    .join("");
}

test("blanks never decide: whatever they were, the result and the meaning are the same", () => {
  const plain = golden.filter((text) => commentsOf(text).every((part) => !part.includes("\n")));
  fc.assert(
    fc.property(
      fc.constantFrom(...plain),
      fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 }),
      (text, draws) => {
        const other = respaced(text, draws);
        const once = formatted(other);
        expect(once).toBe(formatted(text));
        expect(meaningOf(other)).toEqual(meaningOf(text));
        expect(/[ \t]\n/.test(once.replaceAll(/<<[^]*/g, ""))).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

const scraps = [
  ..."abc = { } [ ] ( ) , . - ! ? : :: ... => == * + % 1 2.5 for in if var é".split(" "),
  ...' |\n|\r\n|\t|"x"|"${y}"|# c\n|// d\n|/* e */|/* f\n g */|a = 1\n|b {\n|}\n|\uFEFF'.split("|"),
  "<<E\n h\nE\n",
  "<<-E\r\n  i ${ j }\r\n E\r\n",
];

function holds(text: string): void {
  const result = formatText("t", text);
  if (!result.ok) return;
  expect(formatted(result.text)).toBe(result.text);
  expect(commentsOf(result.text)).toEqual(commentsOf(text));
  expect(meaningOf(result.text)).toEqual(meaningOf(text));
}

test("no text makes it fail, and what it writes it leaves alone", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(fc.constantFrom(...scraps), { maxLength: 30 }).map((parts) => parts.join("")),
  );
  fc.assert(fc.property(texts, holds), { numRuns: 2000 });
});

const gap = fc.constantFrom(" ", " ", " ", "", "\t ", "/* c */", " /* d\n e */ ");
const wide = fc.constantFrom(" ", "", "\n", " # f\n", "\r\n\n\n  // g\r\n");
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(""));
const word = (text: string): fc.Arbitrary<string> => joined(gap, fc.constant(text), gap);
const expressions = fc.letrec<{ e: string; items: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("1", "2.5", "true", "attr.b", "a-b", '"x"', '"${ y }"', "attr [ 0 ] . c"),
    fc.constantFrom("var.v", "var . v [ 0 ]", "var.v.0.1", "1 .5", "var.v .* . x", "\n"),
    joined(fc.constantFrom("-", "!", "- "), gap, tie("e")),
    joined(tie("e"), word("+"), tie("e")),
    joined(tie("e"), fc.constantFrom("-", " - ", " -", " * ", "!=", " && "), tie("e")),
    joined(tie("e"), word("?"), tie("e"), word(":"), tie("e")),
    joined(word("("), wide, tie("e"), wide, word(")")),
    joined(word("["), wide, tie("items"), wide, word("]")),
    joined(fc.constant("max"), word("("), wide, tie("items"), word("..."), wide, word(")")),
    joined(tie("e"), word("["), tie("e"), word("]")),
    joined(word("{"), wide, fc.constantFrom("k", "long"), word("="), tie("e"), wide, word("}")),
    joined(word("[for x in"), tie("e"), word(":"), tie("e"), word("if"), tie("e"), word("]")),
    joined(word("{for x,y in"), tie("e"), word(":"), tie("e"), word("=>"), tie("e"), word("}")),
  ),
  items: fc
    .array(joined(tie("e"), wide), { maxLength: 3 })
    .map((items) => items.join(","))
    .chain((text) => joined(fc.constant(text), wide)),
}));
const attribute = joined(
  fc.constantFrom("type", "priority", "all_at_once"),
  word("="),
  expressions.e,
  fc.constantFrom("\n", " # h\n", "\r\n"),
);
const block = fc.array(attribute, { maxLength: 4 }).map((lines) => `meta {\n${lines.join("")}}\n`);

test("any expression keeps its meaning and its comments", () => {
  const jobs = fc
    .array(fc.oneof(attribute, block), { maxLength: 4 })
    .map((parts) => `variable "v" { default = [[1, 2]] }\njob "j" {\n${parts.join("")}}`);
  const share = fc.sample(jobs, 300).filter((text) => formatText("t", text).ok).length;
  expect(share).toBeGreaterThan(30);
  fc.assert(fc.property(jobs, holds), { numRuns: 2000 });
});

test("the time grows with the text", () => {
  const chunk =
    'job "x" {\n  meta = { a = "b", c = [1, 2] } # d\n  data = <<E\n x ${y}\nE\n}\n\n// z\na = b\n\n';
  const long = chunk.repeat(1000);
  expect(leastCpuMs(3, () => formatted(long))).toBeLessThan(1000);
});
