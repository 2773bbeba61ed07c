import { expect, test } from "vitest";
import { refusalOf } from "../../../../../src/node/template/core/functions/refused.ts";
import {
  allFunctions,
  refuseFunction,
} from "../../../../../src/node/template/core/functions/table.ts";

test("every function can be called, and none is refused as well", () => {
  const names = Object.keys(allFunctions);
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => refusalOf(name) !== undefined)).toEqual([]);
  expect(names.filter((name) => refuseFunction(name) !== undefined)).toEqual([]);
});

test("the reference's own functions come before those of the collection", () => {
  expect(allFunctions["trim"]).not.toBe(allFunctions["sprig_trim"]);
  expect(allFunctions["default"]).toBe(allFunctions["sprig_default"]);
});

test("names of the host's objects are no functions", () => {
  for (const name of ["constructor", "valueOf", "__proto__", "hasOwnProperty"])
    expect(refuseFunction(name)).toBe(`function "${name}" not defined`);
});
