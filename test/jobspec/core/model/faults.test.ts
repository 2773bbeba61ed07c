import { expect, test } from "vitest";
import {
  faultsOf,
  multiErrorText,
  nested,
  quoted,
  repeated,
  time,
  warningsText,
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
  expect(nested("Part", [])).toEqual([]);
  expect(nested("Part", ["a"])).toEqual(["Part: 1 error occurred:\n\t* a\n\n"]);
});

test("helpers quote, print times and keep what is broken", () => {
  expect([quoted('a"b'), time(90e9)]).toEqual(['"a\\"b"', "1m30s"]);
  expect(faultsOf([true, "a"], [false, "b"])).toEqual(["a"]);
});

test("repeated names carry both places", () => {
  expect(repeated(["a", "b", "a", "a"])).toEqual([
    { name: "a", first: 1, again: 3 },
    { name: "a", first: 1, again: 4 },
  ]);
});
