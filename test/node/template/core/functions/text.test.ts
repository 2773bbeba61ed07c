import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['toLower "ABC"', "abc"],
  ['toUpper "é"', "É"],
  ['toTitle "a bc-d_e"', "A Bc-D_e"],
  ['trimSpace " a\\n"', "a"],
  ['"!!a!!" | trim "!"', "a"],
  ['"v1.2" | trimPrefix "v"', "1.2"],
  ['"a.conf" | trimSuffix ".conf"', "a"],
  ['" a,b,c " | split ","', "[a b c]"],
  ['"" | split ","', "[]"],
  ['"abc" | split ""', "[a b c]"],
  ['"a:x,b:y" | splitToMap "," ":"', "map[a:x b:y]"],
  ['split "," "a,b" | join "-"', "a-b"],
  ['"a.b.c" | replaceAll "." "_"', "a_b_c"],
  ['"ab" | replaceAll "" "-"', "-a-b-"],
  ['"a\\n\\nb" | indent 2', "  a\n\n  b"],
  ['"foo.bar" | regexMatch "^foo"', "true"],
  ['"foo.bar" | regexReplaceAll "foo([.a-z]+)" "$1!"', ".bar!"],
  ['"foo.bar" | regexReplaceAll "foo([.a-z]+)" "${1}!"', ".bar!"],
  ['"john doe" | regexReplaceAll `(?P<a>\\w+) (\\w+)` "$2 $a $$"', "doe john $"],
  ["timestamp", "1970-01-01T00:00:00Z"],
  ['timestamp "unix"', "0"],
  ['timestamp "Mon Jan _2 15:04:05.000 2006 MST"', "Thu Jan  1 00:00:00.000 1970 UTC"],
  ['timestamp "2006-01-02 03:04PM -0700 002"', "1970-01-01 12:00AM +0000 001"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['regexMatch "(" "a"', "error parsing regexp"],
  ['indent -1 "a"', "indent value must be a positive integer"],
  ['"ab" | splitToMap "," ":"', 'failed to parse "ab" as a pair'],
  ["toLower 1", "expected string; got int"],
  ['join "," (loop 2)', "expected string; got int"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});

test("the time is the one that is handed in", () => {
  const nowMs = Date.UTC(2026, 10, 21, 13, 5, 9, 120);
  expect(rendered("{{ timestamp }}", { nowMs })).toBe("2026-11-21T13:05:09Z");
  expect(rendered('{{ timestamp "Monday, 2 January 06 3:4:5.999 pm" }}', { nowMs })).toBe(
    "Saturday, 21 November 26 1:5:9.12 pm",
  );
});
