import { expect, test } from "vitest";
import {
  eachOf,
  faultsOf,
  multiErrorText,
  nested,
  quoted,
  repeated,
  textsOf,
  time,
  warningsText,
  within,
} from "../../../../src/jobspec/core/model/faults.ts";

test("one error and several errors read as the wire has them", () => {
  expect(multiErrorText(["a"])).toBe("1 error occurred:\n\t* a\n\n");
  expect(multiErrorText(["a", "b"])).toBe("2 errors occurred:\n\t* a\n\t* b\n\n");
});

test("warnings are listed after a blank line", () => {
  expect(warningsText([])).toBe("");
  expect(warningsText(["a"])).toBe("1 warning:\n\n* a");
  expect(warningsText(["a", "b"])).toBe("2 warnings:\n\n* a\n* b");
});

test("faults of a part become one fault, no faults none", () => {
  expect(textsOf(nested("Part", []))).toEqual([]);
  const part = { text: "a", path: ["Field"] };
  expect(nested("Part", [part])).toEqual([
    { text: "Part: 1 error occurred:\n\t* a\n\n", path: [], parts: [part] },
  ]);
});

test("faults of a part get the way to that part, and so do those within them", () => {
  const part = nested("Part", faultsOf([true, "a", "Field", 1]));
  expect(eachOf("Parts", ["x", "y"], (_, at) => (at === 1 ? part : []))).toEqual(
    within(["Parts", 1], part),
  );
  expect(within(["Parts", 1], part)).toMatchObject([
    { path: ["Parts", 1], parts: [{ text: "a", path: ["Parts", 1, "Field", 1] }] },
  ]);
  expect(eachOf("Parts", null, () => part)).toEqual([]);
});

test("helpers quote, print times and keep what is broken", () => {
  expect([quoted('a"b'), time(90e9)]).toEqual(['"a\\"b"', "1m30s"]);
  expect(textsOf(faultsOf([true, "a"], [false, "b"]))).toEqual(["a"]);
});

test("repeated names carry both places", () => {
  expect(repeated(["a", "b", "a", "a"])).toEqual([
    { name: "a", first: 1, again: 3 },
    { name: "a", first: 1, again: 4 },
  ]);
});
