import { expect, test } from "vitest";
import { parseTemplate } from "../../../src/cli/core/go-template-parse.ts";

test("keeps text and reads tags into a tree", () => {
  expect(parseTemplate("a{{if .X}}b{{end}}")).toEqual([
    { kind: "text", text: "a" },
    {
      kind: "if",
      expression: { kind: "path", root: undefined, names: ["X"], text: ".X", at: 6 },
      body: [{ kind: "text", text: "b" }],
      otherwise: [],
    },
  ]);
});
