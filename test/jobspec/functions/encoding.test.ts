import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

test("encodings go there and back", () => {
  const cases: readonly (readonly [string, Json])[] = [
    ['base64encode("\u00e9")', "w6k="],
    [String.raw`base64decode("aGVs\nbG8=")`, "hello"],
    ['base64decode("aGh=")', "hh"],
    ['base64decode("")', ""],
    ['urlencode("a b&c/\u00e9~-_.*!()\'")', "a+b%26c%2F%C3%A9~-_.%2A%21%28%29%27"],
    [
      'jsonencode({ b = [1.50, null], a = "<\u2028>" })',
      String.raw`{"a":"\u003c\u2028\u003e","b":[1.5,null]}`,
    ],
    [String.raw`jsonencode("\u0001\t\u007f")`, String.raw`"\u0001\t` + '\u007f"'],
    ["jsonencode(12345678901234567890123)", "12345678901234567890123"],
    ['jsondecode("[1, {\\"a\\": null}]")', [1, { a: null }]],
    ['convert(jsondecode("12345678901234567890"), string)', "12345678901234567890"],
    ['convert(jsondecode("0.1"), string)', "0.1"],
    [
      String.raw`csvdecode("a,b\n1,2\n\n3,\n")`,
      [
        { a: "1", b: "2" },
        { a: "3", b: "" },
      ],
    ],
    [String.raw`csvdecode("a,b\r\n\"x\r\ny\",\"q\"\"q\"\r\n")`, [{ a: "x\ny", b: 'q"q' }]],
    [String.raw`csvdecode("a\n b \n\"\"")`, [{ a: " b " }, { a: "" }]],
    [String.raw`csvdecode("a,b")`, []],
    [String.raw`csvdecode("a\nx\ry")`, [{ a: "x\ry" }]],
  ];
  for (const [text, value] of cases) expect(valueOf(text), text).toEqual(value);
});

test.each([
  ['base64decode("a")'],
  ['base64decode("a=bc")'],
  ['base64decode("a-b_")'],
  ['base64decode("/w==")'],
  ['jsondecode("")'],
  ['jsondecode("{a: 1}")'],
  ['jsondecode("1 2")'],
  ['csvdecode("")'],
  [String.raw`csvdecode("a,a\n1,2")`],
  [String.raw`csvdecode("a,b\n1")`],
  [String.raw`csvdecode("a\nb\"c")`],
  [String.raw`csvdecode("a\n\"b\"c")`],
  [String.raw`csvdecode("a\n\"b")`],
])("%s is refused at its argument", (text) => {
  const fault = faultOf(() => valueOf(text));
  expect(fault).toMatch(/^1,1[0-5] Invalid function argument$/);
});

test("JSON has no infinite numbers", () => {
  expect(faultOf(() => valueOf("jsonencode(1 / 0)"))).toBe("1,1 Error in function call");
});

test("a long quoted field is read in linear time", () => {
  const text = `a\n"${'""'.repeat(300_000)}"`;
  expect(valueOf("strlen(csvdecode(text)[0].a)", { text })).toBe(300_000);
});
