import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['len "é"', "2"],
  ["len (loop 3)", "3"],
  ['index (split "," "a,b") 1', "b"],
  ['index (parseJSON `{"a":[1,2]}`) "a" 1', "2"],
  ['index "abc" 1', "98"],
  ['slice "hello" 1 3', "el"],
  ["slice (loop 5) 2", "[2 3 4]"],
  ['print 1 2 "x"', "1 2x"],
  ['html "<a>&\'"', "&lt;a&gt;&amp;&#39;"],
  ['urlquery "a b&é"', "a+b%26%C3%A9"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ["len nil", "len of nil pointer"],
  ["len 1", "len of type int"],
  ["index nil 0", "index of untyped nil"],
  ["index (loop 2) 2", "index out of range: 2"],
  ['index (loop 2) "a"', "cannot index slice/array with type string"],
  ['slice "abc" 2 1', "invalid slice index: 2 > 1"],
  ['slice (parseJSON "{}")', "can't slice item of type map[string]interface {}"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
