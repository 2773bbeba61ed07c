import { expect, test } from "vitest";
import { readWholeExpression } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { readType } from "../../../../src/jobspec/core/hcl/type-spec.ts";
import { faultOf } from "../../support.ts";

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
