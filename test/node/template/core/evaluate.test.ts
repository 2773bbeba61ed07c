import { expect, test } from "vitest";
import { rendered } from "../../../support/render-template.ts";

test.each([
  ["{{ and 0 (index nil 0) }}", "0"],
  ["{{ or 1 (index nil 0) }}", "1"],
  ["{{ 3 | or 0 }}", "3"],
  ['{{ (parseJSON `{"a":{"b":1}}`).a.b }}', "1"],
  [
    "{{ scratch.Set `k` 1 }}{{ scratch.Get `k` }}{{ scratch.Key `k` }}{{ scratch.Key `l` }}",
    "1truefalse",
  ],
  ["{{ `k` | scratch.Get }}", "<no value>"],
  ["{{ scratch.SetX `k` 1 }}{{ scratch.SetX `k` 2 }}{{ scratch.Get `k` }}", "1"],
  [
    "{{ scratch.MapSet `m` `b` 1 }}{{ scratch.MapSet `m` `a` 2 }}{{ scratch.MapSetX `m` `a` 3 }}{{ scratch.MapValues `m` }}",
    "[2 1]",
  ],
])("%s gives %j", (text, expected) => {
  expect(rendered(text)).toBe(expected);
});

test.each([
  ["{{ len 1 2 }}", "!:1:4: wrong number of args for len: want 1 got 2"],
  ["{{ printf }}", "!:1:4: wrong number of args for printf: want at least 1 got 0"],
  ["{{ timestamp 1 2 }}", "!:1:4: wrong number of args for timestamp: want 0 to 1 got 2"],
  ["{{ 1 2 }}", "!:1:4: can't give argument to non-function"],
  ["{{ nil }}", "!:1:4: nil is not a command"],
  ["{{ parseInt `x` }}", '!:1:4: error calling parseInt: parseInt: parsing "x": invalid syntax'],
  ["{{ constructor }}", '!:1:4: function "constructor" not defined'],
])("%s is a fault", (text, expected) => {
  expect(rendered(text)).toBe(expected);
});
