import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/lib/json.ts";
import { ValueBuilder, valuePieces } from "../../src/lib/value-pieces.ts";

const pieces = (value: Json): readonly string[] =>
  [...valuePieces(value)].filter((piece) => piece !== "");
function builtAgain(value: Json): Json {
  const builder = new ValueBuilder();
  for (const piece of pieces(value)) builder.add(piece);
  return builder.finish();
}
const long = Array.from({ length: 3000 }, (_, n) => n);

test("a value that is built from its pieces is the same, with its fields in their order", () => {
  assert(
    property(jsonValue(), (drawn) => {
      const value = drawn as Json;
      for (const whole of [value, [value, long], { b: long, a: value, 1: [[long], value, {}] }])
        expect(JSON.stringify(builtAgain(whole))).toBe(JSON.stringify(whole));
    }),
  );
});

test("a field of any name is only a field", () => {
  const value = JSON.parse(`{"long": ${JSON.stringify(long)}, "__proto__": {"a": 1}}`) as Json;
  const again = builtAgain(value);
  expect(JSON.stringify(again)).toBe(JSON.stringify(value));
  expect(Object.getPrototypeOf(again)).toBe(Object.prototype);
});

test("no piece is long, wherever the many parts are", () => {
  const map = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`key-${n}`, `${n}`]));
  const list = Array.from({ length: 20_000 }, (_, n) => ({ n, words: ["a", "b"] }));
  for (const value of [map, list, { deep: [{ map }, list] }])
    for (const piece of pieces(value)) expect(piece.length).toBeLessThan(150_000);
});

test("pieces that do not make up a whole are no value", () => {
  const builder = new ValueBuilder();
  expect(() => builder.finish()).toThrow("no whole value");
  const [first = ""] = pieces([long, list()]);
  builder.add(first);
  expect(() => builder.finish()).toThrow("no whole value");
});

const list = (): Json => Array.from({ length: 50_000 }, (_, n) => `item ${n}`);
