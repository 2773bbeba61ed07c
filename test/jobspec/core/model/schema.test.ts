import { expect, test } from "vitest";
import {
  duration,
  one,
  openText,
  schema,
  text,
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
