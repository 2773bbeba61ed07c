import { expect, test } from "vitest";
import { Budget } from "../../../../../src/node/template/core/budget.ts";
import { Arguments } from "../../../../../src/node/template/core/call.ts";
import { parseFunctions } from "../../../../../src/node/template/core/functions/parse.ts";
import { printValue } from "../../../../../src/node/template/core/print.ts";
import { callingFor, rendered } from "../../../../support/render-template.ts";

test.each([
  ['parseBool "T"', "true"],
  ['parseBool ""', "false"],
  ['parseInt "-12"', "-12"],
  ['parseInt ""', "0"],
  ['parseUint "7"', "7"],
  ['parseFloat "1.50"', "1.5"],
  ['parseFloat "-inf"', "-Inf"],
  ['parseJSON ""', "map[]"],
  ['parseJSON `{"a":1000000,"__proto__":1}`', "map[__proto__:1 a:1e+06]"],
  ['parseYAML ""', "map[]"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['parseBool "yes"', "invalid syntax"],
  ['parseInt "1.5"', "invalid syntax"],
  ['parseInt "9223372036854775808"', "value out of range"],
  ['parseUint "-1"', "invalid syntax"],
  ['parseFloat "x"', "invalid syntax"],
  ['parseJSON "{"', "the text is no JSON"],
  ['parseYAML "a: 1"', "not supported: parseYAML has no reader here"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});

test("with a reader YAML is read, and whole numbers stay whole", () => {
  const host = { ...callingFor().host, parseYaml: () => ({ a: [1000000, 1.5, null] }) };
  const value = parseFunctions["parseYAML"]?.call(new Arguments(["x"]), { ...callingFor(), host });
  expect(printValue(value, new Budget())).toBe("map[a:[1000000 1.5 <nil>]]");
});
