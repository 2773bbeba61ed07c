import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ["first (loop 3)", "0"],
  ["last (list)", "<no value>"],
  ["uniq (list 1 1 2)", "[1 2]"],
  ['dict "a" 1 "b" 2 | keys', "[a b]"],
  ['get (dict "a" 1) "b"', ""],
  ['hasKey (dict "a" 1) "a"', "true"],
  ['dig "a" "b" "d" (dict "a" (dict))', "d"],
  ["chunk 2 (loop 5)", "[[0 1] [2 3] [4]]"],
  ['omit (dict "a" 1 "b" 2) "a"', "map[b:2]"],
  ["sprig_slice (loop 5) 1 3", "[1 2]"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['get 1 "a"', "expected map; got int"],
  ["first 1", "expected list; got int"],
  ["chunk 0 (loop 1)", "must be positive"],
  ["sprig_slice (loop 2) 0 5", "slice bounds out of range"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
