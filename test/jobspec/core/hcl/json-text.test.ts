import { expect, test } from "vitest";
import { formatBigFloat } from "../../../../src/jobspec/core/hcl/big-float.ts";
import { jsonValue, readJsonText } from "../../../../src/jobspec/core/hcl/json-text.ts";
import { createSource, Fault, positionAt } from "../../../../src/jobspec/core/hcl/source.ts";
import { toJson } from "../../../../src/jobspec/core/hcl/value.ts";
import { formatDiagnostic } from "../../../../src/lib/diagnostic.ts";
import { faultOf } from "../../support.ts";

const diagnosticOf = (text: string): string => {
  try {
    read(text);
  } catch (thrown) {
    if (thrown instanceof Fault) return formatDiagnostic(thrown.diagnostic);
    throw thrown;
  }
  return "nothing";
};
const read = (text: string) => readJsonText(createSource("t", text));

test("everything JSON has is read", () => {
  const texts = [
    '{"a": [1, -2.5, 1e3, true, false, null, "x"], "b": {}, "": []}',
    String.raw`"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDEA2"`,
    " \t\r\n 0 ",
    "[[], [[]]]",
    '"\u{1F6A2}\u007f"',
  ];
  for (const text of texts) expect(toJson(jsonValue(read(text)))).toEqual(JSON.parse(text));
});

test("numbers keep their digits and half a surrogate is no character", () => {
  const big = jsonValue(read("12345678901234567890123"));
  expect(big.type === "number" && formatBigFloat(big.number)).toBe("12345678901234567890123");
  expect(toJson(jsonValue(read(String.raw`"a\ud800b\udc00"`)))).toBe("a\uFFFDb\uFFFD");
  expect(toJson(jsonValue(read('{"a": 1, "a": 2}')))).toEqual({ a: 2 });
});

test.each([
  ["", "1,1 Missing JSON value"],
  ["{", "1,1 Unclosed object"],
  ['{"a"', "1,5 Missing colon"],
  ['{"a" 1}', "1,6 Missing colon"],
  ['{"a": }', "1,7 Invalid JSON value"],
  ['{"a": 1', "1,1 Unclosed object"],
  ['{"a": 1,\n}', "1,8 Trailing comma"],
  ["[1, 2,]", "1,6 Trailing comma"],
  ["[1 2]", "1,4 Missing comma"],
  ["[1", "1,1 Unclosed array"],
  ["{a: 1}", "1,2 Invalid property name"],
  ['{"a": 1} x', "1,10 Extra characters after the JSON value"],
  ['"a', "1,3 Unterminated text"],
  ['"a\nb"', "1,3 Unterminated text"],
  ['"a\r\nb"', "1,3 Unterminated text"],
  ['"\u00e9\tb"', "1,3 Invalid character in text"],
  [String.raw`"\x"`, "1,2 Invalid escape sequence"],
  [String.raw`"\u12"`, "1,2 Invalid escape sequence"],
  ["01", "1,1 Invalid JSON value"],
  ["+1", "1,1 Invalid JSON value"],
  ["1.", "1,1 Invalid JSON value"],
  [".5", "1,1 Invalid JSON value"],
  ["NaN", "1,1 Invalid JSON value"],
  ["True", "1,1 Invalid JSON value"],
  ["'a'", "1,1 Invalid JSON value"],
  ["// comment\n1", "1,1 Invalid JSON value"],
  ["[".repeat(20_000), "1,201 Nested too deeply"],
])("%j is refused at its place", (text, fault) => {
  expect(faultOf(() => read(text))).toBe(fault);
});

test("the places of a text's content are those in the JSON text", () => {
  const node = read(String.raw`"a\n\u00e9b"`);
  if (node.kind !== "string") throw new Error("no text");
  expect(node.content.text).toBe("a\n\u00e9b");
  const columns = [0, 1, 2, 3, 4].map((offset) => positionAt(node.content, offset).column);
  expect(columns).toEqual([2, 3, 5, 11, 12]);
});

test("a long text is read in linear time", () => {
  const text = JSON.stringify(String.raw`\n"`.repeat(300_000));
  expect(read(text).kind).toBe("string");
  expect(() => read(text.slice(0, -1))).toThrow(Fault);
});

test.each([
  [String.raw`"\ud800\udc00"`, "\u{10000}"],
  [String.raw`"\ud83d\udfff"`, "\u{1F7FF}"],
  [String.raw`"\udbff\udfff"`, "\u{10FFFF}"],
  [String.raw`"\udc00\udc00"`, "\uFFFD\uFFFD"],
  [String.raw`"\ud83d\ud83d\udea2"`, "\uFFFD\u{1F6A2}"],
  [String.raw`"\ud800\ue000"`, "\uFFFD\uE000"],
  [String.raw`"\ud7ff\udfff"`, "\uD7FF\uFFFD"],
  [String.raw`"\ud800"`, "\uFFFD"],
])("the escapes of %s give the characters that they pair up to", (text, wanted) => {
  expect(toJson(jsonValue(read(text)))).toBe(wanted);
});

test.each([
  ["", "t:1,1-1"],
  ["{", "t:1,1-2"],
  ['{"a"', "t:1,5-5"],
  ['{"a": }', "t:1,7-8"],
  ['{"a": 1,\n}', "t:1,8-9"],
  ["[1 2]", "t:1,4-5"],
  [" [1", "t:1,2-3"],
  ["{a: 1}", "t:1,2-3"],
  ['{"a": 1} x', "t:1,10-11"],
  ['"a', "t:1,3-3"],
  ['"a\tb"', "t:1,3-4"],
  [String.raw`"\x"`, "t:1,2-4"],
  [String.raw`"\u12"`, "t:1,2-4"],
  ['"\\', "t:1,2-3"],
  ["01", "t:1,1-3"],
  ["-", "t:1,1-2"],
  ["nul", "t:1,1-4"],
  ["'a'", "t:1,1-2"],
])("%j is marked where it is wrong", (text, place) => {
  expect(diagnosticOf(text).split(": ")[0]).toBe(place);
});

test.each([
  ["{", "There is no } for this"],
  ["[1", "There is no ] for this"],
  ["[1 2]", "A comma or ] is expected"],
  ['{"a": 1 2}', "A comma or } is expected"],
  ["[1,]", "JSON has no comma before ]"],
  ["nul", "a word is null, true, false or text"],
  ["-a", '"-a" is no JSON number'],
  ["'a'", "straight double quotes"],
  [String.raw`"\u12"`, "four hexadecimal digits"],
  [String.raw`"\x"`, String.raw`\x is no escape sequence of JSON`],
  ['"a', "The closing double quote is missing"],
  ['"a\u0001"', "A control character is written with an escape"],
])("%j is told with words that fit", (text, words) => {
  expect(diagnosticOf(text)).toContain(words);
});
