import { expect, test } from "vitest";
import { readWholeExpression } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { readType } from "../../../../src/jobspec/core/hcl/type-spec.ts";
import type { TypeSpec } from "../../../../src/jobspec/core/hcl/value-types.ts";
import { faultOf, faultsOf } from "../../support.ts";

const typeFaults = (type: string): string =>
  faultsOf(`variable "v" {\n type = ${type}\n}\njob "j" {}`).join("\n");
const read = (text: string) => readType(readWholeExpression(createSource("t", text)));

test("types nest", () => {
  expect(read("map(list(number))")).toEqual({
    kind: "map",
    of: { kind: "list", of: { kind: "number" } },
  });
  expect(read("object({ a = bool })")).toMatchObject({ kind: "object" });
});

test("any and unknown types are refused", () => {
  expect(faultOf(() => read("any"))).toBe("1,1 Invalid type specification");
  expect(faultOf(() => read("list(text)"))).toBe("1,6 Invalid type specification");
});

test.each(["list", "set", "map", "tuple", "object"])(
  "%s without the type of its elements is told how to be written",
  (name) => {
    expect(typeFaults(name)).toContain(`${name} needs its element type, as in ${name}(string).`);
  },
);

test.each([
  ["text", 'There is no type "text".'],
  ["any", "The type any is not allowed; name one."],
  ["vector(string)", "vector is no type."],
  ["tuple(string)", "tuple takes a list of types."],
  ["object(string)", "object takes attributes with their types, as in object({ a = string })."],
  ['object({ "a" = string })', "An attribute name is a bare word."],
])("the type %s is refused with what is wrong about it", (type, detail) => {
  expect(typeFaults(type)).toContain(detail);
});

test("tuples and objects name the type of every part", () => {
  expect(read("tuple([string, set(bool)])")).toEqual({
    kind: "tuple",
    items: [{ kind: "string" }, { kind: "set", of: { kind: "bool" } }],
  });
  expect(read("object({ a = number, b = map(string) })")).toEqual({
    kind: "object",
    attributes: new Map<string, TypeSpec>([
      ["a", { kind: "number" }],
      ["b", { kind: "map", of: { kind: "string" } }],
    ]),
  });
});

test("a type may stand in parentheses, and is one type", () => {
  expect(read("(string)")).toEqual({ kind: "string" });
  expect(typeFaults('"string"')).toContain("This is no type.");
  expect(typeFaults("list(string, bool)")).toContain("list takes exactly one type in parentheses.");
  expect(typeFaults("list()")).toContain("list takes exactly one type in parentheses.");
});
