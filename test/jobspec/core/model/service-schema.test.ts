import { expect, test } from "vitest";
import { fillCanonical } from "../../../../src/jobspec/core/model/fill.ts";
import * as table from "../../../../src/jobspec/core/model/service-schema.ts";

const schemas = Object.values(table).filter((value) => typeof value === "object");

test.each(schemas)("$name has fields of different names, in any case", (shape) => {
  expect(shape.byKey.size).toBe(shape.fields.length);
  expect(shape.fields.length).toBeGreaterThan(0);
});

test("a plan shows the blocks of a service and of a check by these names in this order", () => {
  const shape = table.serviceSchema;
  const check = shape.shown.find((field) => field.name === "Checks")?.kind;
  expect(shape.shown.map((field) => field.diff?.as)).toEqual([
    "Tags",
    "CanaryTags",
    "Check",
    "Weights",
    "Identity",
  ]);
  expect(
    check?.kind === "list" && check.of.kind === "object"
      ? check.of.schema.shown.map((field) => field.diff?.as)
      : [],
  ).toEqual(["Args", "Header", "CheckRestart"]);
});

test("what a service leaves out has the default of the documentation", () => {
  expect(
    fillCanonical(table.serviceSchema, {
      Checks: [{ CheckRestart: {} }],
      Connect: { Gateway: { Proxy: {} }, SidecarTask: {} },
    }),
  ).toMatchObject({
    AddressMode: "auto",
    OnUpdate: "require_healthy",
    Provider: "consul",
    Cluster: "default",
    Checks: [{ CheckRestart: { Grace: 1e9 } }],
    Connect: {
      Gateway: { Proxy: { ConnectTimeout: 5e9 } },
      SidecarTask: { KillTimeout: 5e9, ShutdownDelay: 0 },
    },
  });
});
