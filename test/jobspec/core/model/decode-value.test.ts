import { expect, test } from "vitest";
import { decodeObject } from "../../../../src/jobspec/core/model/decode-value.ts";
import {
  bool,
  duration,
  free,
  manyByName,
  openInt8,
  schema,
  text,
  texts,
} from "../../../../src/jobspec/core/model/schema.ts";

const shape = schema("Shape", {
  Name: text(),
  Flag: bool(),
  Wait: duration(),
  Weight: openInt8(),
  Tags: texts(),
  Parts: manyByName(schema("Part", { Size: duration() })),
  Config: free(),
});

test("keys match without regard to case and unknown keys are dropped", () => {
  expect(decodeObject(shape, { NAME: "a", tags: ["x"], Other: 1, flag: null })).toEqual({
    ok: true,
    value: { Name: "a", Tags: ["x"] },
  });
});

test.each([
  [{ Name: 3 }, "Shape.Name: expected text, got 3"],
  [{ Flag: "yes" }, 'Shape.Flag: expected true or false, got the text "yes"'],
  [
    { Wait: "30s" },
    'Shape.Wait: expected a duration as a whole number of nanoseconds, got the text "30s"',
  ],
  [{ Wait: 1.5 }, "Shape.Wait: expected a duration as a whole number of nanoseconds, got 1.5"],
  [{ Weight: 128 }, "Shape.Weight: expected a whole number from -128 to 127, got 128"],
  [{ Weight: 0.5 }, "Shape.Weight: expected a whole number, got 0.5"],
  [{ Tags: "a" }, 'Shape.Tags: expected a list, got the text "a"'],
  [{ Tags: ["a", {}] }, "Shape.Tags[1]: expected text, got an object"],
  [{ Parts: { a: { Size: "1" } } }, /^Shape\.Parts\[a\]\.Size: /],
  [{ Config: [] }, "Shape.Config: expected an object, got a list"],
  [[], "Shape: expected an object, got a list"],
  [null, "Shape: expected an object, got null"],
])("%j is refused with its place", (value, message) => {
  const decoded = decodeObject(shape, value);
  expect(decoded.ok ? "" : decoded.message).toMatch(message);
});

test("a null in a list is the zero value of its kind", () => {
  expect(decodeObject(shape, { Tags: ["a", null] })).toEqual({
    ok: true,
    value: { Tags: ["a", ""] },
  });
});

test("free values keep every key as data", () => {
  const value: unknown = JSON.parse('{"Config": {"__proto__": {"a": [1, null, {"b": true}]}}}');
  const decoded = decodeObject(shape, value);
  expect(JSON.stringify(decoded.ok && decoded.value)).toBe(JSON.stringify(value));
});

test("free values of absurd depth are refused", () => {
  let value: unknown = {};
  for (let depth = 0; depth < 200; depth++) value = { deeper: value };
  const decoded = decodeObject(shape, { Config: value });
  expect(decoded.ok ? "" : decoded.message).toMatch(/nested deeper than 100 levels$/);
});

test("free values may be 100 levels deep and not deeper", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : { deeper: nested(levels - 1) });
  expect(decodeObject(shape, { Config: { a: nested(100) } })).toMatchObject({ ok: true });
  expect(decodeObject(shape, { Config: { a: nested(101) } })).toMatchObject({ ok: false });
});

test("a failure of the program itself is not told as a fault of the body", () => {
  const broken = {
    get Name(): string {
      throw new RangeError("out of memory");
    },
  };
  expect(() => decodeObject(shape, broken)).toThrow(RangeError);
});
