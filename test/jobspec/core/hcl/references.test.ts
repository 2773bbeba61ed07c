import { expect, test } from "vitest";
import { readWholeExpression } from "../../../../src/jobspec/core/hcl/body.ts";
import { referencesOf } from "../../../../src/jobspec/core/hcl/references.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";

const namesIn = (text: string): readonly string[] =>
  referencesOf(readWholeExpression(createSource("t", text))).map(({ name, attribute }) =>
    attribute === undefined ? name : `${name}.${attribute}`,
  );

test.each([
  ["1", []],
  ["a", ["a"]],
  ["var.a + local.b", ["var.a", "local.b"]],
  ["-(var.a)", ["var.a"]],
  ['f(a, b)["x"][c]', ["a", "b", "c"]],
  ["a ? b : c", ["a", "b", "c"]],
  ["[a, { b = c, (d) = e }]", ["a", "c", "d", "e"]],
  ['"${var.a}%{ if b }${c}%{ else }d%{ endif }"', ["var.a", "b", "c"]],
  ['"%{ for x in a }${x}${y}%{ endfor }"', ["a", "y"]],
  ["[for k, v in a : [k, v, w] if v.x]", ["a", "w"]],
  ["{ for v in a : v => k... }", ["a", "k"]],
  ["a[*].b[c]", ["a", "c"]],
  ["f(x).y", ["x"]],
])("%s takes %j from outside", (text, names) => {
  expect(namesIn(text)).toEqual(names);
});
