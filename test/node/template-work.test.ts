import { expect, test } from "vitest";
import { doTemplateWork, type TemplateWork } from "../../src/node/template-work.ts";

const work = (text: string, change: Partial<TemplateWork> = {}): TemplateWork => ({
  text,
  delimiters: { left: "", right: "" },
  env: new Map([["A", "a"]]),
  home: { namespace: "default", region: "global" },
  errMissingKey: false,
  nowMs: 0,
  answers: [],
  ...change,
});

test("what is not answered yet is asked for, all at once", () => {
  const text = '{{ file "one" }}{{ file "two" }}{{ env "A" }}';
  expect(doTemplateWork(work(text), undefined)).toEqual({
    kind: "asks",
    asked: [
      { kind: "file", path: "one" },
      { kind: "file", path: "two" },
    ],
  });
  const answers = ["one", "two"].map((path) => ({
    asked: { kind: "file" as const, path },
    answer: path === "one" ? { kind: "content", text: "1" } : "missing",
  }));
  expect(doTemplateWork(work(text, { answers }), undefined)).toMatchObject({
    kind: "done",
    outcome: { kind: "missing", missing: [{ path: "two" }] },
  });
});

test("YAML is read by who is handed in, and a text that cannot be read is a fault", () => {
  const yaml = '{{ (parseYAML "x").a }}';
  expect(doTemplateWork(work(yaml), () => ({ a: "read" }))).toMatchObject({
    outcome: { kind: "rendered", text: "read" },
  });
  expect(doTemplateWork(work("{{ if }}"), undefined)).toMatchObject({
    outcome: { kind: "failed", isActionTooLong: false },
  });
});
