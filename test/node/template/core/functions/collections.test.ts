import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['in (split "," "a,b") "a"', "true"],
  ['"a" | in "abc"', "true"],
  ['split "," "a,b" | contains "c"', "false"],
  ['containsAll (split "," "a,b") (split "," "a,b,c")', "true"],
  ['containsAny (split "," "x,b") (split "," "a,b")', "true"],
  ['containsNone (split "," "x,y") (split "," "a,b")', "true"],
  ['containsNotAll (split "," "a,x") (split "," "a,b")', "true"],
  ["loop 3", "[0 1 2]"],
  ["loop 2 4", "[2 3]"],
  ["loop 4 2", "[]"],
  ['parseJSON `{"a/b":1,"a/c/d":2,"e":3}` | explodeMap', "map[a:map[b:1 c:map[d:2]] e:3]"],
  [
    'parseJSON `[{"Key":"a/b","Value":1},{"Key":"a/c","Value":2},{"Key":"d","Value":3}]` | byKey',
    "map[a:map[b:{b 1} c:{c 2}]]",
  ],
  [
    'mergeMap (parseJSON `{"a":2,"b":{"y":2}}`) (parseJSON `{"a":1,"b":{"x":1}}`)',
    "map[a:1 b:map[x:1 y:2]]",
  ],
  ['mergeMapWithOverride (parseJSON `{"a":2}`) (parseJSON `{"a":1,"b":3}`)', "map[a:2 b:3]"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['explodeMap (parseJSON `{"a":1,"a/b":2}`)', "is below a key that has a value itself"],
  ["byTag (loop 1)", "expected list of services; got int"],
  ["in 1 2", "expected list, map or string; got int"],
  ["mergeMap 1 2", "expected map; got int"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
