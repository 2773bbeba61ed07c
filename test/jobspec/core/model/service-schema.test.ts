import { expect, test } from "vitest";
import * as table from "../../../../src/jobspec/core/model/service-schema.ts";

const schemas = Object.values(table).filter((value) => typeof value === "object");

test.each(schemas)("$name has fields of different names, in any case", (shape) => {
  expect(shape.byKey.size).toBe(shape.fields.length);
  expect(shape.fields.length).toBeGreaterThan(0);
});
