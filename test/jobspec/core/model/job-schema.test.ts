import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/lib/json.ts";
import { childObjects } from "../../../../src/jobspec/core/diff/diff-objects.ts";
import { fillCanonical } from "../../../../src/jobspec/core/model/fill.ts";
import type { Schema } from "../../../../src/jobspec/core/model/schema.ts";
import * as table from "../../../../src/jobspec/core/model/job-schema.ts";

const schemas = Object.values(table).filter((value) => typeof value === "object");

test.each(schemas)("$name has fields of different names, in any case", (shape) => {
  expect(shape.byKey.size).toBe(shape.fields.length);
  expect(shape.fields.length).toBeGreaterThan(0);
});

const shownIn = (shape: Schema): readonly (string | undefined)[] =>
  shape.shown.map((field) => field.diff?.as);
const untold = (shape: Schema): readonly string[] =>
  shape.fields.filter((field) => field.listed === false).map((field) => field.name);

test("a plan shows the blocks of a job and of a group by these names in this order", () => {
  expect(shownIn(table.jobSchema)).toEqual([
    "Datacenters",
    "Constraint",
    "Affinity",
    "Periodic",
    "ParameterizedJob",
    "UI",
  ]);
  expect(shownIn(table.groupSchema)).toEqual([
    "Constraint",
    "Affinity",
    "RestartPolicy",
    "Migrate",
    "Disconnect",
    "ReschedulePolicy",
    "EphemeralDisk",
    "Consul",
    "Update",
    "Network",
    "Scaling",
    "Service",
    "Volume",
  ]);
});

test("a plan is silent about what the server writes and what names the block itself", () => {
  expect(untold(table.groupSchema)).toEqual([
    "Name",
    "MaxRunDuration",
    "StopAfterClientDisconnect",
    "MaxClientDisconnect",
  ]);
  expect(untold(table.jobSchema)).toEqual([
    "ID",
    "Payload",
    "NomadTokenID",
    "Status",
    "StatusDescription",
    "Stable",
    "Version",
    "SubmitTime",
    "CreateIndex",
    "ModifyIndex",
    "JobModifyIndex",
  ]);
});

test("what a job and a group leave out has the default of the documentation", () => {
  expect(
    fillCanonical(table.jobSchema, { Periodic: {}, Multiregion: { Regions: [{}] } }),
  ).toMatchObject({
    Region: "global",
    Namespace: "default",
    Type: "service",
    Priority: 50,
    Periodic: {
      Enabled: true,
      Spec: "",
      SpecType: "cron",
      ProhibitOverlap: false,
      TimeZone: "UTC",
    },
    Multiregion: { Strategy: { MaxParallel: 0, OnFailure: "" }, Regions: [{ Count: 1 }] },
  });
  expect(
    fillCanonical(table.groupSchema, { Disconnect: {}, Spreads: [{}], Affinities: [{}] }),
  ).toMatchObject({
    EphemeralDisk: { Sticky: false, SizeMB: 300, Migrate: false },
    Disconnect: { Replace: true, Reconcile: "best_score" },
    Spreads: [{ Weight: 50 }],
    Affinities: [{ Weight: 50 }],
  });
});

test("a plan tells the mount options of a volume", () => {
  const volume = (FSType: string, MountFlags: readonly string[]): JsonObject => ({
    Volumes: { v: { Type: "csi", Source: "s", MountOptions: { FSType, MountFlags } } },
  });
  const [diff] = childObjects(
    table.groupSchema,
    volume("ext4", ["a"]),
    volume("xfs", ["b"]),
    false,
  );
  expect(diff).toMatchObject({
    Name: "Volume",
    Objects: [
      {
        Name: "MountOptions",
        Fields: [{ Name: "FSType", Old: "ext4", New: "xfs" }],
        Objects: [{ Name: "MountFlags" }],
      },
    ],
  });
});
