import { expect, test } from "vitest";
import { fieldOf } from "../../../../src/node/template/core/fields.ts";
import { Dictionary, getter, Structure } from "../../../../src/node/template/core/value.ts";

const lenient = { errMissingKey: false };
const strict = { errMissingKey: true };
const map = new Dictionary(new Map([["a", 1n]]), {
  zero: "none",
  methods: new Map([["Twice", { least: 1, most: 1, call: ([x]) => [x, x] }]]),
});

test("keys, fields and methods are found by name", () => {
  expect(fieldOf(map, "a", [], lenient)).toBe(1n);
  expect(fieldOf(map, "b", [], lenient)).toBe("none");
  expect(fieldOf(map, "Twice", [2n], lenient)).toEqual([2n, 2n]);
  const structure = new Structure("S", new Map([["Name", "x"]]), {
    methods: new Map([["Self", getter(() => "me")]]),
  });
  expect([
    fieldOf(structure, "Name", [], lenient),
    fieldOf(structure, "Self", [], lenient),
  ]).toEqual(["x", "me"]);
  expect(fieldOf(undefined, "x", [], lenient)).toBeUndefined();
});

test("what is not there is a fault where it has to be", () => {
  expect(() => fieldOf(map, "b", [], strict)).toThrow('map has no entry for key "b"');
  expect(() => fieldOf(undefined, "x", [], strict)).toThrow("nil data");
  expect(() => fieldOf(new Structure("S", new Map()), "x", [], lenient)).toThrow(
    "can't evaluate field x in type S",
  );
  expect(() => fieldOf("text", "x", [], lenient)).toThrow("in type string");
  expect(() => fieldOf(map, "a", [1n], lenient)).toThrow(
    "a has arguments but cannot be invoked as function",
  );
  expect(() => fieldOf(map, "Twice", [], lenient)).toThrow(
    "wrong number of args for Twice: want 1 got 0",
  );
});

test("names that every object of the host has mean nothing", () => {
  for (const name of ["constructor", "__proto__", "toString"])
    expect(fieldOf(new Dictionary(new Map()), name, [], lenient)).toBeUndefined();
});
