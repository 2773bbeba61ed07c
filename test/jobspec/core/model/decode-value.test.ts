import { expect, test } from "vitest";
import type { Json } from "../../../../src/lib/json.ts";
import type { Kind } from "../../../../src/jobspec/core/model/schema.ts";
import { decodeObject } from "../../../../src/jobspec/core/model/decode-value.ts";
import {
  bool,
  count,
  duration,
  free,
  listOf,
  manyByName,
  mapOf,
  openCount,
  openInstant,
  openInt8,
  schema,
  text,
  texts,
  uint8,
  whole,
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

test("a null in a list or map of any kind is the zero value of that kind", () => {
  const inner = schema("Inner", { A: text() });
  const kinds: readonly (readonly [Kind, Json])[] = [
    [{ kind: "text" }, ""],
    [{ kind: "bool" }, false],
    [{ kind: "duration" }, 0],
    [{ kind: "whole", min: 0, max: 9 }, 0],
    [{ kind: "list", of: { kind: "text" } }, []],
    [{ kind: "map", of: { kind: "text" } }, {}],
    [{ kind: "object", schema: inner }, {}],
    [{ kind: "free" }, null],
  ];
  for (const [kind, zero] of kinds) {
    const of = schema("Shape", { L: listOf(kind), M: mapOf(kind) });
    expect(decodeObject(of, { L: [null], M: { k: null } })).toEqual({
      ok: true,
      value: { L: [zero], M: { k: zero } },
    });
  }
});

test("numbers are whole and within what their field holds", () => {
  const of = schema("Shape", {
    Signed: openInt8(),
    Small: uint8(),
    Count: count(),
    OpenCount: openCount(),
    Instant: openInstant(),
    Any: whole(),
  });
  const refused = (value: object): string => {
    const decoded = decodeObject(of, value);
    return decoded.ok ? "" : decoded.message;
  };
  const most = Number.MAX_SAFE_INTEGER;
  for (const fine of [
    { Signed: -128, Small: 0, Count: 0, OpenCount: 0, Instant: -(2 ** 63), Any: -most },
    { Signed: 127, Small: 255, Count: most, OpenCount: most, Instant: 2 ** 63, Any: most },
  ])
    expect(refused(fine)).toBe("");
  expect(refused({ Signed: -129 })).toContain("from -128 to 127, got -129");
  expect(refused({ Small: 256 })).toContain("from 0 to 255, got 256");
  expect(refused({ Small: -1 })).toContain("from 0 to 255, got -1");
  expect(refused({ Count: -1 })).toContain("from 0 to");
  expect(refused({ OpenCount: -1 })).toContain("from 0 to");
  expect(refused({ Instant: 2 ** 64 })).toContain("Shape.Instant: expected a whole number from");
  expect(refused({ Any: 2 ** 53 })).toContain("Shape.Any: expected a whole number from");
});
