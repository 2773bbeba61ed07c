import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitJob } from "../../../src/jobspec/admit-job.ts";
import { diffJobs } from "../../../src/jobspec/diff-jobs.ts";
import { parseJob } from "../../../src/jobspec/parse-job.ts";
import { isSameJobSpec } from "../../../src/model/job-spec.ts";
import type { JobDiff } from "../../../src/model/job-diff.ts";
import type { Job } from "../../../src/model/job.ts";
import { openCluster } from "../../support/admitted-job.ts";
import { changesOf } from "../../support/change-job.ts";
import { anyJobBody } from "../../support/generate-job.ts";
import { printJob } from "../../support/print-job.ts";
import { storeBody } from "../../support/store-body.ts";
import { runs } from "./runs.ts";

const folders = [
  "jobs",
  "test/golden/data/jobspec",
  "test/golden/data/state",
  "test/golden/data/plan",
  "test/golden/data/scenario",
];
const jobFiles = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:nomad|hcl)$/.test(name))
    .map((name) => join(folder, name)),
);

/** What registering the file would store; undefined when it is refused. */
function storedFile(file: string): Job | undefined {
  const parsed = parseJob(readFileSync(file, "utf8"), { file });
  if (!parsed.ok) return undefined;
  const admission = admitJob(parsed.body, openCluster);
  return admission.ok ? admission.job : undefined;
}

const accepted = jobFiles.filter((file) => storedFile(file) !== undefined);

/** Whether a diff names anything that changes. */
function listsChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(listsChange);
  const {
    Type: type,
    Old: old,
    Fields: fields,
    Objects: objects,
  } = value as Record<string, unknown>;
  if (old !== undefined) return type !== "None";
  const isObject = !("TaskGroups" in value || "Tasks" in value || "Annotations" in value);
  return (
    (isObject && (type === "Added" || type === "Deleted")) ||
    [fields, objects, ...groupsOf(value)].some(listsChange)
  );
}
const groupsOf = (value: object): unknown[] => [
  "TaskGroups" in value ? value.TaskGroups : [],
  "Tasks" in value ? value.Tasks : [],
];

const diff = (a: Job, b: Job): JobDiff => diffJobs(a, b, { contextual: true });

describe("planning what is registered already", () => {
  test("there are job files to plan", () => {
    expect(accepted.length).toBeGreaterThan(150);
  });

  test.each(accepted)("%s changes nothing", (file) => {
    const [stored, again] = [storedFile(file), storedFile(file)];
    if (stored === undefined || again === undefined) throw new Error("it was accepted before");
    expect(diff(stored, again).Type).toBe("None");
    expect(listsChange(diff(stored, again))).toBe(false);
    expect(isSameJobSpec(stored, again)).toBe(true);
  });

  test("any job, however it is written the second time, changes nothing", () => {
    fc.assert(
      fc.property(anyJobBody, fc.nat(), fc.nat(), (body, one, two) => {
        const [a, b] = [one, two].map((style) => {
          const parsed = parseJob(printJob(body, style), { file: "t" });
          if (!parsed.ok) throw new Error("a printed job can be read");
          return storeBody(parsed.body);
        });
        if (a === undefined || b === undefined) throw new Error("two were stored");
        expect(diff(a, b).Type).toBe("None");
        expect(listsChange(diff(a, b))).toBe(false);
      }),
      runs(60),
    );
  });
});

/** Changes that no diff lists, though job, group and task are then called edited. */
const unlisted = new RegExp(
  [
    "(?:TaskGroups\\.)?Spreads\\b.*",
    "TaskGroups\\.(?:MaxRunDuration|StopAfterClientDisconnect|MaxClientDisconnect)",
    "TaskGroups\\.Tasks\\.(?:RestartPolicy|ScalingPolicies|Lifecycle|CSIPluginConfig|Schedule)\\b.*",
    // Shown under the groups, which hold the whole strategy.
    "Update\\..*",
    "TaskGroups\\.Update\\.Stagger",
    // Made of the place where the policy stands.
    "TaskGroups\\.Scaling\\.(?:ID|Type|Target)",
    // Refused at registration.
    ".*\\.Services\\.Connect\\..*",
    "Multiregion\\b.*",
    // The server's own.
    "Payload|NomadTokenID",
  ]
    .map((pattern) => `^(?:${pattern})$`)
    .join("|"),
);
/** What registering changes by itself. */
const bookkeeping =
  /^(?:Status|StatusDescription|Stable|Version|VersionTag.*|SubmitTime|CreateIndex|ModifyIndex|JobModifyIndex)$/;

test("a difference in one field makes the job edited, and is listed", () => {
  fc.assert(
    fc.property(anyJobBody, fc.nat(), (body, pick) => {
      const job = storeBody(body);
      const changes = changesOf(job);
      const change = changes[pick % changes.length]?.();
      if (change === undefined || /^(?:ID|.*\.Scaling\.\w+Index)$/.test(change.path)) return;
      const found = diff(job, change.job);
      const isSpec = !bookkeeping.test(change.path);
      expect(found.Type, change.path).toBe(isSpec ? "Edited" : "None");
      expect(isSameJobSpec(job, change.job), change.path).toBe(!isSpec);
      const isListed = isSpec && !unlisted.test(change.path);
      expect(listsChange(found), change.path).toBe(isListed);
    }),
    runs(400),
  );
});
