import { beforeEach, expect, test } from "vitest";
import type { JobSource } from "../../../src/model/job-source.ts";
import type { Namespace } from "../../../src/model/namespace.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { buildRegistration } from "../../support/build-commands.ts";
import { buildJob } from "../../support/build-job.ts";
import { buildNamespace } from "../../support/build-namespace.ts";

let state: TestState;
beforeEach(() => {
  state = createTestState();
});
const namespace = (Name: string, Description = ""): Namespace =>
  buildNamespace({ Name, Description, CreateIndex: 0, ModifyIndex: 0 });
const source = (Path: string): JobSource => ({
  Agent: "a",
  Path,
  Folder: "1:2",
  State: "accepted",
  JobID: "shop",
  Namespace: "default",
  Hash: "00",
  Message: "",
  Diagnostics: null,
  Warnings: "",
  UpdatedAt: 1,
  ModifyIndex: 0,
});

test("namespaces keep their CreateIndex, and go all together or not at all", () => {
  state.apply("namespace.upsert", { namespaces: [namespace("a"), namespace("b")] });
  state.apply("namespace.upsert", { namespaces: [namespace("a", "changed")] });
  expect(state.read.namespace("a")).toMatchObject({
    Description: "changed",
    CreateIndex: 2,
    ModifyIndex: 3,
  });
  state.apply("job.register", buildRegistration(buildJob({ Namespace: "b" })));
  const remove = (...names: string[]) => state.apply("namespace.delete", { names });
  expect(remove("a", "b")).toMatchObject({ refused: "in-use" });
  expect(remove("a", "c")).toEqual({ refused: "not-found", detail: "c" });
  expect(state.read.namespaces({}).map((row) => row.Name)).toEqual(["a", "b", "default"]);
  expect(remove("a")).toEqual({ ok: true });
});

test("the outcome of each job file is kept until it is forgotten", () => {
  state.apply("source.report", { source: source("b.hcl") });
  state.apply("source.report", { source: source("a.hcl") });
  expect(state.read.jobSources().map((row) => [row.Path, row.ModifyIndex])).toEqual([
    ["a.hcl", 3],
    ["b.hcl", 2],
  ]);
  state.apply("source.forget", { agent: "a", path: "a.hcl" });
  expect(state.read.jobSources()).toHaveLength(1);
});

test("scheduler settings are compared and set", () => {
  const config = { ...state.read.schedulerConfig(), SchedulerAlgorithm: "spread" as const };
  expect(state.apply("scheduler-config.set", { config, checkIndex: 7 })).toEqual({
    updated: false,
  });
  expect(state.read.schedulerConfig().SchedulerAlgorithm).toBe("binpack");
  expect(state.apply("scheduler-config.set", { config, checkIndex: 1 })).toEqual({ updated: true });
  expect(state.read.schedulerConfig()).toMatchObject({
    SchedulerAlgorithm: "spread",
    CreateIndex: 1,
    ModifyIndex: state.index(),
  });
});
