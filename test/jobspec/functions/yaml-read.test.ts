import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

const decoded = (text: string): Json => valueOf("yamldecode(text)", { text });

test("plain words mean what they mean in YAML 1.1", () => {
  const cases: readonly (readonly [string, Json])[] = [
    ["yes", true],
    ["Yes", true],
    ["YES", true],
    ["yEs", "yEs"],
    ["y", true],
    ["on", true],
    ["n", false],
    ["Off", false],
    ["true", true],
    ["~", null],
    ["null", null],
    ["Null", null],
    ["nULL", "nULL"],
    ["42", 42],
    ["+42", 42],
    ["-0.5", -0.5],
    [".5", 0.5],
    ["1.", 1],
    ["1e3", 1000],
    ["1_000", 1000],
    ["077", 77],
    ["0x1f", 31],
    ["0o17", 15],
    ["0b101", 5],
    ["-0b101", -5],
    ["1.2.3", "1.2.3"],
    ["12abc", "12abc"],
    ["'12'", "12"],
    ['"yes"', "yes"],
    ["''", ""],
    ["2001-12-14", "2001-12-14T00:00:00Z"],
    ["2001-12-14T21:59:43.10-05:00", "2001-12-14T21:59:43-05:00"],
    ["2001-1-2 3:4:5", "2001-01-02T03:04:05Z"],
    ["2001-02-30", "2001-02-30"],
    ["!!str 12", "12"],
    ["! 12", "12"],
    ["!!float 1", 1],
    ["!!int 7", 7],
    ["!!bool no", false],
    ["!!null x", null],
    ["!!binary aGk=", "aGk="],
    ["hello world", "hello world"],
    ["a: 1 # two", { a: 1 }],
  ];
  for (const [text, value] of cases) expect(decoded(text), text).toEqual(value);
});

test("collections, blocks and several lines are read", () => {
  expect(decoded("a:\n- 1\n- [x, {k: z}]\nb: |\n  one\n  two\nc: >-\n  one\n  two\n")).toEqual({
    a: [1, ["x", { k: "z" }]],
    b: "one\ntwo\n",
    c: "one two",
  });
  expect(decoded("a:\nb: []\n")).toEqual({ a: null, b: [] });
  expect(decoded("1: a\ntrue: b\n1.50: c\n")).toEqual({ "1": "a", true: "b", "1.5": "c" });
  expect(decoded("---\na: 1\n...\n")).toEqual({ a: 1 });
  expect(decoded("a: 1\na: 2\n")).toEqual({ a: 2 });
});

test("anchors are shared and merged", () => {
  expect(decoded("a: &x [1, 2]\nb: *x\n")).toEqual({ a: [1, 2], b: [1, 2] });
  expect(decoded("base: &b {k: 1, l: 2}\nc:\n  <<: *b\n  l: 3\n")).toEqual({
    base: { k: 1, l: 2 },
    c: { k: 1, l: 3 },
  });
  expect(decoded("x:\n  <<: [{k: 1}, {k: 2, m: 3}]\n")).toEqual({ x: { k: 1, m: 3 } });
});

test.each([
  [""],
  ["# only a comment\n"],
  ["a: [1"],
  ["a: b: c"],
  ["---\na: 1\n---\nb: 2\n"],
  ["a: *missing"],
  ["a: &x [*x]"],
  [".nan"],
  ["!!int x"],
  ["!!bool 1"],
  ["!!set {a, b}"],
  ["!own x"],
  ["? [a]\n: 1\n"],
  ["~: 1\n"],
  ["<<: 3\n"],
  ["\t- a"],
  ["!!binary %%"],
])("%j is refused at its argument", (text) => {
  expect(faultOf(() => decoded(text))).toBe("1,12 Invalid function argument");
});

test("hostile text ends in a fault and not in a crash", () => {
  expect(faultOf(() => decoded("[".repeat(20_000)))).toContain("Invalid function argument");
  expect(faultOf(() => decoded(`${"- ".repeat(5_000)}x`))).toContain("Invalid function argument");
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let at = 1; at < 12; at += 1)
    lines.push(`a${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(", ")}]`);
  expect(faultOf(() => valueOf("length(yamldecode(text).a11)", { text: lines.join("\n") }))).toBe(
    "1,8 Value too large",
  );
});

test("an alias means the last anchor of its name before it, on keys too", () => {
  expect(valueOf('yamldecode("- &a x\\n- *a\\n- &a z\\n- *a")')).toEqual(["x", "x", "z", "z"]);
  expect(valueOf('yamldecode("&k key: 1\\nother: *k")')).toEqual({ key: 1, other: "key" });
  expect(faultOf(() => valueOf('yamldecode("- *a\\n- &a x")'))).toContain("Invalid function");
});

test("a text with brackets without end is refused before anybody goes down into it", () => {
  const text = (count: number): string => "[".repeat(count) + "]".repeat(count);
  expect(() => decoded(text(2_500))).toThrow("Invalid function argument");
  expect(() => decoded(text(100))).not.toThrow();
});
