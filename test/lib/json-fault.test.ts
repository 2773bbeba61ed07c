import { expect, test } from "vitest";
import { locateJsonFault } from "../../src/lib/json-fault.ts";

test.each([
  [
    '{\n  "a": 1,\n  b: 2\n}',
    "invalid character 'b' looking for beginning of object key string",
    3,
    3,
  ],
  ['{"a": "ü" 2}', "invalid character '2' after object key:value pair", 1, 11],
  ['{\n"a": [1,\n2', "unexpected EOF", 3, 2],
  ["", "EOF", 1, 1],
  ["{} x", "invalid character 'x' after top-level value", 1, 4],
])("%j is wrong where a person has to look", (text, fault, line, column) => {
  expect(locateJsonFault(text)).toEqual({ text: fault, line, column });
});
