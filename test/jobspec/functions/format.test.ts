import { expect, test } from "vitest";
import { faultOf, valueOf } from "../support.ts";

test("each verb writes its kind of value", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "%s|%10s|%-10s|%.2s|%010s",
      '"caf\u00e9", "caf\u00e9", "caf\u00e9", "caf\u00e9", "caf\u00e9"',
      "caf\u00e9|      caf\u00e9|caf\u00e9      |ca|000000caf\u00e9",
    ],
    ["%s %s %s", "1.50, true, 10000000", "1.5 true 10000000"],
    [
      "%5s|%-5s|%.1s",
      '"\u{1F6A2}\u{1F6A2}", "e\u0301", "e\u0301x"',
      "   \u{1F6A2}\u{1F6A2}|\u00e9    |\u00e9",
    ],
    ["%q %q", '"a\\"<b>", 5', '"a\\"\\u003cb\\u003e" "5"'],
    ["%v %v %v %v", '"a", 1.5, true, null', "a 1.5 true null"],
    ["%v %#v %v", '[1, "a"], "a", { k = null }', '[1,"a"] "a" {"k":null}'],
    ["%v %v %v %v", "1000000, 123456, 0.00001, 1234567.5", "1e+06 123456 1e-05 1.2345675e+06"],
    ["%05v|%-5v|%5v", "1, 2, 3", "00001|2    |    3"],
    ["%t %t", 'true, "false"', "true false"],
    ["%d %5d|%-5d|%05d|%+d|% d", "1, 2, 3, -4, 5, 6", "1     2|3    |-0004|+5| 6"],
    ["%d", "12345678901234567890123", "12345678901234567890123"],
    ["%.3d|%6.3d|%06.3d", "7, 7, 7", "007|   007|   007"],
    ["%b %o %x %X %x", "5, 8, 255, 255, -255", "101 10 ff FF -ff"],
    ["%#b %#o %#x %#X %#08x", "5, 8, 255, 255, 255", "0b101 010 0xff 0XFF 0x0000ff"],
    [
      "%f %.2f %9.2f|%-9.2f|%09.2f|%+.1f",
      "1.5, 2.346, 3.14159, 3.14159, -3.14159, 2",
      "1.500000 2.35      3.14|3.14     |-00003.14|+2.0",
    ],
    ["%.0f %.0f %.1f %.2f", "0.5, 1.5, 0.25, 0.125", "0 2 0.2 0.12"],
    ["%.3f", "1 / 3", "0.333"],
    ["%e %E %.1e %.0e", "123456.789, 0.00012, 99, 5", "1.234568e+05 1.200000E-04 9.9e+01 5e+00"],
    ["%.0e", "95", "1e+02"],
    ["%g %g %g %g %G", "100000, 1000000, 0.0001, 0.00001, 1e21", "100000 1e+06 0.0001 1e-05 1E+21"],
    ["%.3g %.3g %.10g %.2g", "1234.5, 0.00012345, 0.1, 0", "1.23e+03 0.000123 0.1 0"],
    ["%f %e %g %v", "0, 0, 0, 0", "0.000000 0.000000e+00 0 0"],
    ["%d%%", "50", "50%"],
    ["%[2]s %[1]s %s", '"a", "b"', "b a b"],
    ["%d", '"42"', "42"],
  ];
  for (const [pattern, args, text] of cases)
    expect(valueOf(`format(${JSON.stringify(pattern)}, ${args})`), pattern).toBe(text);
  expect(valueOf('format("%f %5.1f|%+g", -1 / 0, 1 / 0, 1 / 0)')).toBe("-Inf  +Inf|+Inf");
  expect(valueOf('format("plain")')).toBe("plain");
});

test.each([
  ["%d", "1.5", 14],
  ["%d", '"x"', 15],
  ["%t", "1", 14],
  ["%s", "[1]", 14],
  ["%s", "null", 14],
  ["%d", "null", 14],
])("%s does not take %s", (pattern, arg, column) => {
  expect(faultOf(() => valueOf(`format("${pattern}", ${arg})`))).toBe(
    `1,${column} Invalid function argument`,
  );
});

test.each(["%z", "%", "100%", "%.d", "%s %s", "%[3]s", "%2000d", "%!", "%*d", "%c"])(
  "%j is refused as a format",
  (pattern) => {
    expect(faultOf(() => valueOf(`format("${pattern}", 1)`))).toBe("1,9 Invalid function argument");
  },
);

test("arguments that nothing uses are refused", () => {
  expect(faultOf(() => valueOf('format("%d", 1, 2)'))).toBe("1,17 Invalid function argument");
  expect(valueOf('format("%[2]d %[1]d", 1, 2)')).toBe("2 1");
  expect(faultOf(() => valueOf('format("%[2]d", 1, 2, 3)'))).toBe("1,23 Invalid function argument");
});

test("lists are formatted element by element", () => {
  expect(valueOf('formatlist("%s:%d", ["a", "b"], 1)')).toEqual(["a:1", "b:1"]);
  expect(valueOf('formatlist("%s-%s", ["a", "b"], [1, true])')).toEqual(["a-1", "b-true"]);
  expect(valueOf('formatlist("x")')).toEqual(["x"]);
  expect(valueOf('formatlist("%v", 3)')).toEqual(["3"]);
  expect(valueOf('formatlist("%v", null)')).toEqual(["null"]);
  expect(valueOf('formatlist("%s", [])')).toEqual([]);
  expect(faultOf(() => valueOf('formatlist("%s%s", ["a"], ["b", "c"])'))).toBe(
    "1,27 Invalid function argument",
  );
});
