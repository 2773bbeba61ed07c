import { expect, test } from "vitest";
import {
  fillCanonical,
  fillPlain,
  fillStored,
  isObject,
  mapValues,
  objects,
  textOf,
} from "../../../../src/jobspec/core/model/fill.ts";
import {
  free,
  many,
  manyByName,
  one,
  openDuration,
  openText,
  openWhole,
  schema,
  text,
  whole,
} from "../../../../src/jobspec/core/model/schema.ts";

const part = schema("Part", { Size: openWhole({ canonical: 3 }) });
const shape = schema("Shape", {
  Mode: text({ canonical: "auto" }),
  Note: openText(),
  Wait: openDuration({ stored: null, storedName: "Waits" }),
  Old: openText({ canonical: "", stored: undefined }),
  Parts: many(part),
  ByName: manyByName(part),
  Best: one(part, { canonical: {} }),
  Config: free(),
});

test("canonical values go where nothing or plain zero is written", () => {
  expect(fillCanonical(shape, { Mode: "", Parts: [{}, { Size: 0 }], ByName: { a: {} } })).toEqual({
    Mode: "auto",
    Note: null,
    Wait: null,
    Old: "",
    Parts: [{ Size: 3 }, { Size: 0 }],
    ByName: { a: { Size: 3 } },
    Best: { Size: 3 },
    Config: null,
  });
});

test("the stored shape has every stored key, renamed and zeroed where the table says so", () => {
  expect(fillStored(shape, { Mode: "m", Old: "x", Parts: [{ Size: null }] })).toEqual({
    Mode: "m",
    Note: "",
    Waits: null,
    Parts: [{ Size: 0 }],
    ByName: null,
    Best: null,
    Config: null,
  });
});

test("empty lists and maps are stored as none", () => {
  expect(fillStored(shape, { Parts: [], ByName: {}, Config: {} })).toMatchObject({
    Parts: null,
    ByName: null,
    Config: null,
  });
});

test("free values pass untouched", () => {
  const Config = { a: [1, { b: null }] };
  expect(fillCanonical(shape, { Config })["Config"]).toBe(Config);
});

test("helpers tell objects from lists and null", () => {
  expect([{}, [], null, "a", undefined].map((value) => isObject(value))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(objects([{ a: 1 }, 3, null])).toEqual([{ a: 1 }]);
  expect(objects(null)).toBeNull();
  expect(mapValues({ a: 1 }, (value, key) => [key, value])).toEqual({ a: ["a", 1] });
  expect([textOf("a"), textOf(1), textOf(undefined)]).toEqual(["a", "", ""]);
});

test("a plain body keeps what is written and has the zero values of its plain fields", () => {
  const of = schema("S", { A: text(), B: openText(), C: one(schema("T", { D: whole() })) });
  expect(fillPlain(of, {})).toEqual({ A: "" });
  expect(fillPlain(of, { A: "a", B: "b", C: {} })).toEqual({ A: "a", B: "b", C: { D: 0 } });
});
