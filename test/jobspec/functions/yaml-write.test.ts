import { parse } from "yaml";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { textOf } from "../support.ts";

const encoded = (value: Json): string => textOf("yamlencode(value)", { value });

test("each kind of value has one form", () => {
  const cases: readonly (readonly [Json, string])[] = [
    ["x", '"x"\n'],
    ["", '""\n'],
    [1.5, "1.5\n...\n"],
    [true, "true\n...\n"],
    [null, "null\n...\n"],
    [[], "[]\n"],
    [{}, "{}\n"],
    [[[], {}, [1, [2]]], "- []\n- {}\n- - 1\n  - - 2\n"],
    [{ b: 1, a: { d: [1], c: {} } }, '"a":\n  "c": {}\n  "d":\n  - 1\n"b": 1\n'],
    [[{ a: 1, b: [{ c: null }] }], '- "a": 1\n  "b":\n  - "c": null\n'],
    [{ a: "x\ny" }, '"a": |-\n  x\n  y\n'],
    [{ a: "x\n\n" }, '"a": |+\n  x\n\n'],
    [{ a: " x\ny\n" }, '"a": |2\n   x\n  y\n'],
    [{ a: "x \ny\n" }, '"a": "x \\ny\\n"\n'],
    [{ a: "x\t\ny" }, '"a": "x\\t\\ny"\n'],
    [["a\nb\n"], "- |\n  a\n  b\n"],
    [[["a\nb"]], "- - |-\n    a\n    b\n"],
    ['q"\\\t\u0007\u00e9\u{1F6A2}\u200b\ufeff', '"q\\"\\\\\\t\\a\u00e9\u{1F6A2}\u200b\\uFEFF"\n'],
    [{ "a\nb": 1 }, "? |-\n  a\n  b\n: 1\n"],
  ];
  for (const [value, text] of cases) expect(encoded(value), JSON.stringify(value)).toBe(text);
});

test("a wide text is broken at a blank", () => {
  const words = Array.from({ length: 20 }, () => "words").join(" ");
  expect(encoded({ a: words })).toBe(`"a": "${words.slice(0, 77)}\n  ${words.slice(78)}"\n`);
});

test("whatever is written reads back as it was", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.normalize("NFC"));
  const text = fc
    .array(fc.constantFrom("a", " ", "\n", "\t", ": ", "#", "- ", '"', "\\", "\u00e9", "lorem "), {
      maxLength: 60,
    })
    .map((parts) => parts.join(""));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(name, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const written = encoded(value as Json);
      expect(parse(written, { version: "1.2" })).toEqual(value);
    }),
    { numRuns: 300 },
  );
});
