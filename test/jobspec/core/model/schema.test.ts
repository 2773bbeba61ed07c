import { expect, test } from "vitest";
import {
  bool,
  count,
  duration,
  many,
  one,
  openBool,
  openCount,
  openDuration,
  openInstant,
  openInt8,
  openText,
  openWhole,
  schema,
  shownAs,
  text,
  uint8,
  whole,
} from "../../../../src/jobspec/core/model/schema.ts";

const shape = schema("Shape", {
  Plain: text(),
  Open: openText({ canonical: "x", listed: false }),
  Wait: duration({ storedName: "Waiting" }),
  Inner: one(schema("Inner", {}), { stored: undefined }),
});

test("a schema finds its fields by lower-case name", () => {
  expect(shape.byKey.get("plain")?.name).toBe("Plain");
  expect(shape.byKey.get("Plain")).toBeUndefined();
});

test("plain fields count zero as unwritten, open ones null", () => {
  expect(shape.fields.map((field) => [field.name, field.unwritten, field.canonical])).toEqual([
    ["Plain", "", ""],
    ["Open", null, "x"],
    ["Wait", 0, 0],
    ["Inner", null, null],
  ]);
});

test("options say how a field is stored and listed", () => {
  expect(shape.fields.map((field) => [field.storedName, field.stored, field.listed])).toEqual([
    ["Plain", "", true],
    ["Open", "", false],
    ["Waiting", 0, true],
    ["Inner", undefined, true],
  ]);
});

test.each([
  ["bool", bool, openBool, false],
  ["whole", whole, openWhole, 0],
  ["count", count, openCount, 0],
  ["text", text, openText, ""],
  ["duration", duration, openDuration, 0],
] as const)("a field of kind %s is stored with its zero, open or not", (_, plain, open, zero) => {
  expect(plain()("A")).toMatchObject({ unwritten: zero, canonical: zero, stored: zero });
  expect(open()("A")).toMatchObject({ unwritten: null, canonical: null, stored: zero });
});

test("small numbers and instants are stored as zero as well", () => {
  expect([uint8()("A").stored, openInt8()("A").stored, openInstant()("A").stored]).toEqual([
    0, 0, 0,
  ]);
});

test("what a plan shows goes by rank and then by the order of the table", () => {
  const of = schema("Shape", {
    C: many(schema("P", {}), { diff: shownAs("C", "content", 2) }),
    A: many(schema("P", {}), { diff: shownAs("A", "content") }),
    Hidden: many(schema("P", {})),
    B: many(schema("P", {}), { diff: shownAs("B", "content") }),
  });
  expect(of.shown.map((field) => field.name)).toEqual(["A", "B", "C"]);
});
