import { expect, test } from "vitest";
import { fillCanonical } from "../../../../src/jobspec/core/model/fill.ts";
import type { Schema } from "../../../../src/jobspec/core/model/schema.ts";
import * as table from "../../../../src/jobspec/core/model/common-schema.ts";

const schemas = Object.values(table).filter((value) => typeof value === "object");

test.each(schemas)("$name has fields of different names, in any case", (shape) => {
  expect(shape.byKey.size).toBe(shape.fields.length);
  expect(shape.fields.length).toBeGreaterThan(0);
});

const shownIn = (shape: Schema): readonly (string | undefined)[] =>
  shape.shown.map((field) => field.diff?.as);
const untold = (shape: Schema): readonly string[] =>
  shape.fields.filter((field) => field.listed === false).map((field) => field.name);

test("a plan shows the blocks of networks, resources and identities by these names", () => {
  expect(shownIn(table.networkSchema)).toEqual(["Static Port", "Dynamic Port", "DNS", "CNIConfig"]);
  expect(shownIn(table.resourcesSchema)).toEqual(["Network", "Device", "NUMA"]);
  expect(shownIn(table.identitySchema)).toEqual(["Audience", "ExtraClaims"]);
  expect(shownIn(table.scalingSchema)).toEqual(["Policy"]);
});

test("a plan is silent about what the server fills in", () => {
  expect(untold(table.networkSchema)).toEqual(["Device", "CIDR", "IP", "MBits"]);
  expect(untold(table.updateSchema)).toEqual(["Stagger"]);
  expect(untold(table.scalingSchema)).toEqual([
    "ID",
    "Type",
    "Target",
    "Policy",
    "CreateIndex",
    "ModifyIndex",
  ]);
});

test("what an update or a migration leaves out has the default of the documentation", () => {
  expect(fillCanonical(table.updateSchema, {})).toEqual({
    Stagger: 30e9,
    MaxParallel: 1,
    HealthCheck: "checks",
    MinHealthyTime: 10e9,
    HealthyDeadline: 300e9,
    ProgressDeadline: 600e9,
    AutoRevert: false,
    AutoPromote: false,
    Canary: 0,
  });
  expect(fillCanonical(table.migrateSchema, {})).toEqual({
    MaxParallel: 1,
    HealthCheck: "checks",
    MinHealthyTime: 10e9,
    HealthyDeadline: 300e9,
  });
  expect(fillCanonical(table.scalingSchema, {})).toMatchObject({ Enabled: true });
});
