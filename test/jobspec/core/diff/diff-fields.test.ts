import { expect, test } from "vitest";
import {
  compare,
  fieldDiffs,
  flatFields,
  flatValue,
  textSetFields,
} from "../../../../src/jobspec/core/diff/diff-fields.ts";
import {
  free,
  many,
  openBool,
  openWhole,
  schema,
  text,
  textMap,
} from "../../../../src/jobspec/core/model/schema.ts";

const shape = schema("Shape", {
  Name: text(),
  Link: text({ storedName: "Url" }),
  Secret: text({ listed: false }),
  Replace: openBool({ stored: null, listed: "nil" }),
  Uid: openWhole({ stored: null }),
  Meta: textMap(),
  Config: free(),
  Parts: many(schema("Part", {})),
});

test("plain fields become text, maps get their keys in brackets, lists stay out", () => {
  const value = {
    Name: "a",
    Url: "u",
    Secret: "s",
    Replace: null,
    Uid: null,
    Meta: { k: "v" },
    Config: { deep: { er: 1 }, list: [1] },
    Parts: [{}],
  };
  expect([...flatFields(shape, value)]).toEqual([
    ["Name", "a"],
    ["Url", "u"],
    ["Replace", "nil"],
    ["Meta[k]", "v"],
    ["Config[deep][er]", "1"],
  ]);
  expect(flatFields(shape, null).size).toBe(0);
});

test("free values are flattened to any depth", () => {
  expect([...flatValue({ args: ["a", 1], labels: [{ team: true }], none: null })]).toEqual([
    ["args[0]", "a"],
    ["args[1]", "1"],
    ["labels[0][team]", "true"],
    ["none", "nil"],
  ]);
});

test("fields are compared by name, sorted, unchanged ones only in context", () => {
  const old = new Map([
    ["c", "1"],
    ["b", "1"],
    ["a", "1"],
  ]);
  const next = new Map([
    ["a", "1"],
    ["b", "2"],
    ["d", "1"],
    ["e", ""],
  ]);
  const short = (contextual: boolean): string[] =>
    fieldDiffs(old, next, contextual).map((diff) => `${diff.Name} ${diff.Type}`);
  expect(short(false)).toEqual(["b Edited", "c Deleted", "d Added"]);
  expect(short(true)).toEqual(["a None", "b Edited", "c Deleted", "d Added", "e None"]);
});

test("texts are compared as sets, sorted by old, then new", () => {
  const short = (contextual: boolean): string[] =>
    textSetFields("Tags", ["x", "b", "b"], ["a", "x", "c"], contextual).map(
      (diff) => `${diff.Name} ${diff.Type} ${diff.Old}>${diff.New}`,
    );
  expect(short(true)).toEqual([
    "Tags Added >a",
    "Tags Added >c",
    "Tags Deleted b>",
    "Tags None x>x",
  ]);
  expect(short(false)).toHaveLength(3);
});

test("texts are ordered by code unit", () => {
  expect([compare("a", "a"), compare("B", "a"), compare("b", "a")]).toEqual([0, -1, 1]);
});
