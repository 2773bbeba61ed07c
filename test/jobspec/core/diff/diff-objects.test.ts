import { expect, test } from "vitest";
import { childObjects, orNull, sideType } from "../../../../src/jobspec/core/diff/diff-objects.ts";
import {
  free,
  many,
  manyByName,
  one,
  schema,
  shownAs,
  text,
  texts,
} from "../../../../src/jobspec/core/model/schema.ts";
import type { Match } from "../../../../src/jobspec/core/model/schema.ts";

const part = schema("Part", { Name: text(), Size: text() });
const listed = (match: Match) =>
  schema("Shape", { Parts: many(part, { diff: shownAs("Part", match) }) });
const a = { Name: "a", Size: "1" };
const b = { Name: "b", Size: "2" };
const types = (match: Match, old: readonly object[], next: readonly object[]): string[] =>
  childObjects(
    listed(match),
    { Parts: old.map((item) => ({ ...item })) },
    { Parts: next.map((item) => ({ ...item })) },
    false,
  ).map(
    (diff) =>
      `${diff.Type} ${(diff.Fields ?? []).map((f) => `${f.Name}:${f.Old}>${f.New}`).join(" ")}`,
  );

test("by content an edit is an addition and a removal, and order does not count", () => {
  expect(types("content", [a, b], [b, a])).toEqual([]);
  expect(types("content", [a], [{ ...a, Size: "9" }])).toEqual([
    "Added Name:>a Size:>9",
    "Deleted Name:a> Size:1>",
  ]);
});

test("by key an edit is an edit; items of one key are told by their order", () => {
  const key = { key: "Name" };
  expect(types(key, [a, b], [b, { ...a, Size: "9" }])).toEqual(["Edited Size:1>9"]);
  expect(types(key, [a, a], [a, { ...a, Size: "9" }])).toEqual(["Edited Size:1>9"]);
});

test("by position the places are compared", () => {
  expect(types("position", [a, b], [b])).toEqual([
    "Deleted Name:b> Size:2>",
    "Edited Name:a>b Size:1>2",
  ]);
});

test("one block, a map of blocks, texts, flat and joined values", () => {
  const shape = schema("Shape", {
    Last: one(part, { diff: shownAs("Last", "one", 9) }),
    Best: one(part, { diff: shownAs("Best", "one") }),
    ByName: manyByName(part, { diff: shownAs("Named", "entries") }),
    Tags: texts({ diff: shownAs("Tags", "texts") }),
    Config: free({ diff: shownAs("Config", "flat") }),
    DNS: one(schema("DNS", { Servers: texts() }), { diff: shownAs("DNS", "joined") }),
    Hidden: many(part),
  });
  const next = {
    Last: a,
    Best: a,
    ByName: { x: a },
    Tags: ["t"],
    Config: { k: [1] },
    DNS: { Servers: ["1", "2"] },
    Hidden: [a],
  };
  const diffs = childObjects(shape, null, next, false);
  expect(diffs.map((diff) => [diff.Name, diff.Type, diff.Fields?.at(-1)?.New])).toEqual([
    ["Best", "Added", "1"],
    ["Named", "Added", "1"],
    ["Tags", "Added", "t"],
    ["Config", "Added", "1"],
    ["DNS", "Added", "1,2"],
    ["Last", "Added", "1"],
  ]);
  expect(childObjects(shape, next, next, true).map((diff) => `${diff.Name} ${diff.Type}`)).toEqual([
    "Tags None",
  ]);
});

test("a block of edits shows no context", () => {
  const shape = schema("Shape", { Best: one(part, { diff: shownAs("Best", "edits") }) });
  const [diff] = childObjects(shape, { Best: a }, { Best: { ...a, Size: "9" } }, true);
  expect(diff?.Fields?.map((field) => field.Name)).toEqual(["Size"]);
});

test("an emptied map counts as gone", () => {
  const shape = schema("Shape", { Config: free({ diff: shownAs("Config", "flat") }) });
  const [diff] = childObjects(shape, { Config: { a: 1 } }, { Config: {} }, false);
  expect(diff?.Type).toBe("Deleted");
});

test("helpers name the change by its sides", () => {
  expect([sideType(null, null), sideType(null, {}), sideType({}, null), sideType({}, {})]).toEqual([
    "None",
    "Added",
    "Deleted",
    "Edited",
  ]);
  expect([orNull([]), orNull([1])]).toEqual([null, [1]]);
});
