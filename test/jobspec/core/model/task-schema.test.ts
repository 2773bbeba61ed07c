import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/lib/json.ts";
import { childObjects } from "../../../../src/jobspec/core/diff/diff-objects.ts";
import { fillCanonical } from "../../../../src/jobspec/core/model/fill.ts";
import type { Schema } from "../../../../src/jobspec/core/model/schema.ts";
import * as table from "../../../../src/jobspec/core/model/task-schema.ts";

const schemas = Object.values(table).filter((value) => typeof value === "object");

test.each(schemas)("$name has fields of different names, in any case", (shape) => {
  expect(shape.byKey.size).toBe(shape.fields.length);
  expect(shape.fields.length).toBeGreaterThan(0);
});

const shownIn = (shape: Schema): readonly (string | undefined)[] =>
  shape.shown.map((field) => field.diff?.as);

test("a plan shows the blocks of a task by these names in this order", () => {
  expect(shownIn(table.taskSchema)).toEqual([
    "Constraint",
    "Affinity",
    "Config",
    "Resources",
    "LogConfig",
    "DispatchPayload",
    "Artifact",
    "Service",
    "Vault",
    "Consul",
    "Template",
    "Identity",
    "Identity",
    "Action",
    "VolumeMount",
    "Secret",
  ]);
});

test("what a task leaves out has the default of the documentation", () => {
  const task = fillCanonical(table.taskSchema, {
    Artifacts: [{}],
    CSIPluginConfig: {},
    Resources: { Devices: [{}], NUMA: {} },
    Templates: [{ ChangeScript: {} }],
    Vault: {},
    VolumeMounts: [{}],
    Consul: {},
  });
  expect(task).toMatchObject({
    KillTimeout: 5e9,
    LogConfig: { MaxFiles: 10, MaxFileSizeMB: 10, Disabled: false },
    Resources: { Cores: 0, MemoryMB: 300, Devices: [{ Count: 1 }], NUMA: { Affinity: "none" } },
    Vault: {
      Cluster: "default",
      Env: true,
      DisableFile: false,
      ChangeMode: "restart",
      ChangeSignal: "SIGHUP",
      AllowTokenExpiration: false,
    },
    Consul: { Cluster: "default" },
    CSIPluginConfig: {
      MountDir: "/csi",
      StagePublishBaseDir: "/local/csi",
      HealthTimeout: 30e9,
    },
  });
  expect(task["VolumeMounts"]).toEqual([
    {
      Volume: "",
      Destination: "",
      ReadOnly: false,
      PropagationMode: "private",
      SELinuxLabel: "",
    },
  ]);
  expect(task["Artifacts"]).toMatchObject([{ GetterMode: "any", GetterInsecure: false }]);
  expect(task["Templates"]).toMatchObject([
    {
      ChangeMode: "restart",
      Splay: 5e9,
      Perms: "0644",
      LeftDelim: "{{",
      RightDelim: "}}",
      Envvars: false,
      ErrMissingKey: false,
      ChangeScript: {
        Command: "",
        Args: [],
        Timeout: 5e9,
        FailOnError: false,
        RunOnFirstRender: false,
      },
    },
  ]);
});

test("a plan tells the arguments of a template's script", () => {
  const template = (...Args: readonly string[]): JsonObject => ({
    ChangeScript: { Command: "c", Args },
  });
  expect(childObjects(table.templateSchema, template("a"), template("b"), false)).toMatchObject([
    { Name: "ChangeScript", Objects: [{ Name: "Args" }] },
  ]);
});
