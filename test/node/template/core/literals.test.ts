import { expect, test } from "vitest";
import {
  parseDecimal,
  parseWhole,
  readCharacter,
  readNumber,
  unquote,
} from "../../../../src/node/template/core/literals.ts";
import type { Token } from "../../../../src/node/template/core/lex.ts";

const token = (text: string): Token => ({ kind: "string", text, at: 4 });

test.each([
  ['"plain"', "plain"],
  ['"a\\tb\\n\\"\\\\"', 'a\tb\n"\\'],
  ['"\\x41\\101\\u00e9\\U0001F600"', "AAé😀"],
  ['"\\xc3\\xa9"', "é"],
  ['"\\xff"', "\ufffd"],
])("%s means %j", (text, expected) => {
  expect(unquote(token(text), '"')).toBe(expected);
});

test.each(['"\\q"', '"\\uD800"', '"\\U00110000"', '"\\777"', '"\\\'"'])(
  "%s has no meaning",
  (text) => {
    expect(() => unquote(token(text), '"')).toThrow("invalid escape");
  },
);

test("a character constant is its code point", () => {
  expect(readCharacter(token("'é'"))).toBe(233n);
  expect(readCharacter(token("'\\''"))).toBe(39n);
  expect(() => readCharacter(token("'ab'"))).toThrow("malformed character constant");
});

test("numbers are whole or not by how they are written", () => {
  expect(readNumber(token("1_000"))).toBe(1000n);
  expect(readNumber(token("1e3"))).toBe(1000);
  expect(() => readNumber(token("1i"))).toThrow("complex");
  expect(() => readNumber(token("9223372036854775808"))).toThrow("integer overflow");
  expect(() => readNumber(token("08"))).toThrow("bad number syntax");
});

test("texts of users are read by the same rules", () => {
  expect([
    parseWhole("-0x1F"),
    parseWhole("0b101"),
    parseWhole("017"),
    parseWhole("1__0"),
    parseWhole("x"),
  ]).toEqual([-31n, 5n, 15n, undefined, undefined]);
  expect([
    parseDecimal("1.5e2"),
    parseDecimal("0x1p4"),
    parseDecimal(".5"),
    parseDecimal("1.2.3"),
    parseDecimal(""),
  ]).toEqual([150, 16, 0.5, undefined, undefined]);
});
