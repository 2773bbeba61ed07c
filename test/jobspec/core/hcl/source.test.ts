import { expect, test } from "vitest";
import { createSource, Faults, positionAt } from "../../../../src/jobspec/core/hcl/source.ts";

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

test("far out in a line columns count units, so that no line is slow", () => {
  const source = createSource("t", "e\u0301".repeat(100_000));
  expect(positionAt(source, 10_000).column).toBe(5001);
  expect(positionAt(source, 200_000).column).toBe(195_001);
});
