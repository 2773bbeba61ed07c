import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import { jsonPieces } from "../../src/lib/json-steps.ts";
import { Weigher } from "../../src/lib/weigher.ts";

const written = (value: unknown): string => [...jsonPieces(value)].join("");
const survives = (value: unknown): boolean => {
  const weigher = new Weigher();
  for (const _ of jsonPieces(value, weigher)) void _;
  return weigher.survivesJson;
};
/** Lists that are too long for one piece, with what shall be looked at in the middle. */
const among = (value: unknown): unknown => [
  Array.from({ length: 3000 }, (_, n) => n),
  { a: Array.from({ length: 3000 }, () => "x"), value },
  value,
];

test("the pieces make up what JSON.stringify gives", () => {
  assert(
    property(jsonValue(), (value) => {
      expect(written(value)).toBe(JSON.stringify(value));
      expect(written(among(value))).toBe(JSON.stringify(among(value)));
    }),
  );
});

test.each([
  [{ a: undefined, b: 1 }],
  [[undefined, () => 1]],
  [{ a: Symbol("a") }],
  [[Number.NaN, -0, Infinity]],
  [{ when: new Date(0) }],
  [{ "2": "b", "1": "a", b: 1 }],
  [[]],
  [{}],
])("so they do for what has no place in JSON: %o", (value) => {
  expect(written(value)).toBe(JSON.stringify(value));
  expect(written(among(value))).toBe(JSON.stringify(among(value)));
});

test("a long text is cut, but never within a character", () => {
  const text = `a${"\u{1F600}\n\ud800".repeat(100_000)}`;
  expect(written(text)).toBe(JSON.stringify(text));
  expect([...jsonPieces({ text })].length).toBeGreaterThan(3);
});

test("no piece is longer than its share, whatever is long", () => {
  const groups = Array.from({ length: 4000 }, (_, n) => ({ Name: `g${n}`, Tasks: [{ Env: {} }] }));
  const map = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`key-${n}`, `${n}`]));
  for (const value of [groups, map, { deep: { deeper: groups, map } }, "x".repeat(1e6)])
    for (const piece of jsonPieces(value)) expect(piece.length).toBeLessThan(150_000);
});

test("what its text would not give back is noted", () => {
  for (const value of [{ a: undefined }, [undefined], Number.NaN, -0, new Date(0), new Map()]) {
    expect(survives(value)).toBe(false);
    expect(survives(among(value))).toBe(false);
  }
  expect(survives(among({ a: [null, 1, "x", true, { b: {} }] }))).toBe(true);
});
