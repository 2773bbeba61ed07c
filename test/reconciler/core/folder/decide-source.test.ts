import { expect, test } from "vitest";
import { jobId } from "../../../../src/model/ids.ts";
import type { Job } from "../../../../src/model/job.ts";
import {
  decideSource,
  type LoadedFile,
  type SourceInput,
} from "../../../../src/reconciler/core/folder/decide-source.ts";
import { admittedJob } from "../../../support/admitted-job.ts";
import { aSource } from "./sources.ts";

const path = "/jobs/web.nomad";
const loadedJob = (job: Job): LoadedFile => ({ kind: "job", job, warnings: "" });
const input = (change: Partial<SourceInput>): SourceInput => ({
  agent: "one",
  path,
  folder: "1:2",
  hash: "h2",
  nowNs: 7e9,
  loaded: loadedJob(admittedJob({ ID: jobId("web") })),
  known: undefined,
  sources: [],
  isRegistered: false,
  ...change,
});
const faulty: LoadedFile = {
  kind: "faulty",
  message: "the job file has 1 error",
  diagnostics: [
    {
      severity: "error",
      summary: "Unsupported argument",
      detail: "x",
      start: { line: 3, column: 5 },
    },
  ],
};

test("a new job file is accepted and its job registered", () => {
  const decision = decideSource(input({}));
  expect(decision.source).toMatchObject({
    State: "accepted",
    JobID: "web",
    Hash: "h2",
    UpdatedAt: 7e9,
  });
  expect(decision.register?.ID).toBe("web");
});

test("a file that says what is registered already changes nothing", () => {
  const decision = decideSource(input({ isRegistered: true }));
  expect([decision.source.State, decision.register]).toEqual(["unchanged", null]);
});

test("a broken edit is rejected with its place, and goes on standing for its job", () => {
  const known = aSource({ Path: path });
  const decision = decideSource(input({ loaded: faulty, known, sources: [known] }));
  expect(decision).toMatchObject({
    register: null,
    orphanedJob: null,
    source: {
      State: "rejected",
      JobID: "web",
      Diagnostics: [{ Line: 3, Column: 5, Summary: "Unsupported argument" }],
    },
  });
});

test("a second file with the same job is a conflict that names both", () => {
  const first = aSource({ Path: "/jobs/a.nomad" });
  const decision = decideSource(input({ sources: [first] }));
  expect([decision.source.State, decision.register]).toEqual(["conflict", null]);
  expect(decision.source.Message).toContain("/jobs/a.nomad");
  expect(decision.source.Message).toContain(path);
});

test("a broken file still owns its job, a removed one does not", () => {
  const broken = aSource({ Path: "/jobs/a.nomad", State: "rejected" });
  expect(decideSource(input({ sources: [broken] })).source.State).toBe("conflict");
  const removed = aSource({ Path: "/jobs/a.nomad", State: "removed" });
  expect(decideSource(input({ sources: [removed] })).source.State).toBe("accepted");
});

test("the same id in another namespace is another job", () => {
  const other = aSource({ Path: "/jobs/a.nomad", Namespace: "team-a" });
  expect(decideSource(input({ sources: [other] })).source.State).toBe("accepted");
});

test("a file that names another job now orphans the one that it named before", () => {
  const known = aSource({ Path: path, JobID: "old" });
  expect(decideSource(input({ known, sources: [known] })).orphanedJob).toEqual({
    namespace: "default",
    id: "old",
  });
});

test("a conflicting file that breaks stands for no job, so that the job's own file can still be edited", () => {
  const owner = aSource({ Path: "/jobs/a.nomad" });
  const conflict = aSource({ Path: path, State: "conflict" });
  const broken = decideSource(
    input({ loaded: faulty, known: conflict, sources: [owner, conflict] }),
  ).source;
  expect([broken.State, broken.JobID, broken.Namespace]).toEqual(["rejected", "", ""]);
  const edit = decideSource(input({ path: owner.Path, known: owner, sources: [owner, broken] }));
  expect([edit.source.State, edit.register?.ID]).toEqual(["accepted", "web"]);
});
