import { expect, test } from "vitest";
import {
  createSource,
  Fault,
  Faults,
  positionAt,
} from "../../../../src/jobspec/core/hcl/source.ts";

test("columns count what people see as one character", () => {
  const source = createSource("t", "\uFEFFab\ne\u0301\u{1F6A2}x");
  expect(positionAt(source, 1)).toEqual({ line: 1, column: 2 });
  expect(positionAt(source, source.text.indexOf("x"))).toEqual({ line: 2, column: 3 });
});

test("the same fault at the same place is kept once", () => {
  const faults = new Faults();
  const range = { source: createSource("t", "abc"), start: 0, end: 1 };
  faults.at(range, "a", "b");
  faults.at(range, "a", "b");
  faults.at({ ...range, start: 1 }, "a", "b");
  expect(faults.list.length).toBe(2);
});

test("a thousand faults are kept and no more", () => {
  const faults = new Faults();
  const source = createSource("t", "a".repeat(1200));
  for (let start = 0; start < 1200; start++) faults.at({ source, start, end: start }, "a", "b");
  expect(faults.list.length).toBe(1000);
});

test("columns of one line are counted from any place to any other", () => {
  const source = createSource("t", `x\n${"e\u0301".repeat(100)}`);
  const columns = [3, 21, 9, 201, 5].map((offset) => positionAt(source, 2 + offset - 1).column);
  expect(columns).toEqual([2, 11, 5, 101, 3]);
  expect(positionAt(source, 1)).toEqual({ line: 1, column: 2 });
});

test("a mark alone is a part of the character before it, wherever the fault begins", () => {
  const source = createSource("t", "ab\u0301\u0302c");
  const columns = [1, 2, 3, 4, 5].map((offset) => positionAt(source, offset).column);
  expect(columns).toEqual([2, 3, 3, 3, 4]);
});

test("far out in a line columns count units, so that no line is slow", () => {
  const source = createSource("t", "e\u0301".repeat(100_000));
  expect(positionAt(source, 10_000).column).toBe(5001);
  expect(positionAt(source, 200_000).column).toBe(195_001);
});

test("every place of a text has its line and column", () => {
  const source = createSource("t", "a\n\nbc\n");
  const places = [0, 1, 2, 3, 4, 5, 6].map((offset) => {
    const { line, column } = positionAt(source, offset);
    return `${line},${column}`;
  });
  expect(places).toEqual(["1,1", "1,2", "2,1", "3,1", "3,2", "3,3", "4,1"]);
});

test("faults are collected by what they say and where, others are passed on", () => {
  const faults = new Faults();
  const range = { source: createSource("t", "abc"), start: 0, end: 2 };
  expect(faults.attempt(() => 3)).toBe(3);
  expect(
    faults.attempt(() => {
      throw new Fault(range, "a", () => "late", { ...range, start: 1 });
    }),
  ).toBeUndefined();
  expect(() =>
    faults.attempt(() => {
      throw new RangeError("broken");
    }),
  ).toThrow(RangeError);
  faults.at(undefined, "a", "nowhere");
  faults.at(range, "a", "other words");
  expect(faults.list).toEqual([
    {
      severity: "error",
      summary: "a",
      detail: "late",
      file: "t",
      start: { line: 1, column: 1 },
      end: { line: 1, column: 3 },
      about: { file: "t", start: { line: 1, column: 2 }, end: { line: 1, column: 3 } },
    },
    { severity: "error", summary: "a", detail: "nowhere" },
    {
      severity: "error",
      summary: "a",
      detail: "other words",
      file: "t",
      start: { line: 1, column: 1 },
      end: { line: 1, column: 3 },
    },
  ]);
});

test("whoever adds faults one by one is held to a thousand as well", () => {
  const faults = new Faults();
  for (let at = 0; at < 1001; at++)
    faults.add({ severity: "error", summary: "a", detail: `number ${at}` });
  expect(faults.list).toHaveLength(1000);
});
