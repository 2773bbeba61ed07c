import { expect, test } from "vitest";
import { Budget } from "../../../../src/node/template/core/budget.ts";
import { formatValue, plainVerb } from "../../../../src/node/template/core/format-verb.ts";
import { Dictionary, Structure } from "../../../../src/node/template/core/value.ts";

const structure = new Structure(
  "S",
  new Map<string, string | bigint>([
    ["A", "x"],
    ["B", 2n],
  ]),
);

test("structures show their fields, with names where asked for", () => {
  expect(formatValue(structure, plainVerb, new Budget())).toBe("{x 2}");
  expect(formatValue(structure, { ...plainVerb, named: true }, new Budget())).toBe("{A:x B:2}");
  expect(formatValue(structure, { ...plainVerb, source: true }, new Budget())).toBe(
    'S{A:"x", B:2}',
  );
});

test("one that has a text shows that", () => {
  const item = new Structure("Item", new Map([["Key", "k"]]), { text: "v" });
  expect(formatValue([item], plainVerb, new Budget())).toBe("[v]");
  expect(formatValue(item, { ...plainVerb, letter: "q" }, new Budget())).toBe('"v"');
});

test("maps are shown in the order of their keys", () => {
  const map = new Dictionary(
    new Map([
      ["b", 1n],
      ["a", 2n],
    ]),
  );
  expect(formatValue(map, plainVerb, new Budget())).toBe("map[a:2 b:1]");
  expect(formatValue(map, { ...plainVerb, letter: "d" }, new Budget())).toBe(
    "map[%!d(string=a):2 %!d(string=b):1]",
  );
});

test("width that would be too much is refused before it is made", () => {
  const budget = new Budget({ steps: 10, characters: 100, depth: 5 });
  expect(() => formatValue("a", { ...plainVerb, width: 1_000 }, budget)).toThrow("characters");
});
