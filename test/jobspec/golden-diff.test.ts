import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admitJob } from "../../src/jobspec/admit-job.ts";
import { annotateDiff, diffJobs } from "../../src/jobspec/diff-jobs.ts";
import type { JobBody } from "../../src/jobspec/job-body.ts";
import type { JobDiff } from "../../src/model/job-diff.ts";
import type { Job } from "../../src/model/job.ts";
import type { PlanAnnotations } from "../../src/model/plan.ts";
import { openCluster } from "../support/admitted-job.ts";
import { withoutNulls } from "../support/golden.ts";
import { goldenFolder, parseGolden } from "../support/parse-golden.ts";

interface Recording {
  readonly Diff: JobDiff;
  readonly Annotations: PlanAnnotations;
  readonly how?: { readonly stop?: boolean };
}
/** Jobs that need Vault or Consul's mesh are refused here, so they never come to a diff. */
const refused = ["connect-sidecar-changed", "sidecar-task-changed", "vault-added", "vault-changed"];
const folder = goldenFolder("plan");
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "diff.json")));
const recording = (name: string): Recording =>
  JSON.parse(readFileSync(join(folder, name, "diff.json"), "utf8"));

test("there are recordings to compare with", () => {
  expect(names.length).toBeGreaterThan(60);
});

describe("in the language of job files", () => {
  test.each(names.filter((name) => !refused.includes(name)))("%s", (name) => {
    const { Diff, Annotations, how } = recording(name);
    const path = (file: string): string => join(folder, name, file);
    const last = existsSync(path("middle.nomad")) ? "middle.nomad" : "before.nomad";
    const before = existsSync(path(last)) ? stored(parseGolden(path(last))) : null;
    const diff = diffJobs(
      before === null ? null : { ...before, Stop: how?.stop ?? false },
      stored(parseGolden(path("after.nomad"))),
      { contextual: true },
    );
    expect(sorted(withoutNulls(annotateDiff(diff, Annotations)))).toEqual(sorted(Diff));
  });

  test.each(refused)("%s is refused", (name) => {
    const admission = admitJob(parseGolden(join(folder, name, "after.nomad")), openCluster);
    expect(admission.ok).toBe(false);
  });
});

function stored(body: JobBody): Job {
  const admission = admitJob(body, openCluster);
  if (!admission.ok) throw new Error(admission.errors.join("\n"));
  return admission.job;
}

/** Neighbouring objects of one name come in no fixed order: they are compared as a set. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "Objects" && Array.isArray(item) ? sortedRuns(item) : sorted(item),
    ]),
  );
}

function sortedRuns(objects: readonly { readonly Name: string }[]): unknown[] {
  const firstAt = new Map<string, number>();
  objects.forEach(({ Name }, at) => firstAt.set(Name, firstAt.get(Name) ?? at));
  return objects
    .map((object) => ({ at: firstAt.get(object.Name) ?? 0, object: sorted(object) }))
    .map(({ at, object }) => ({ at, object, text: canonicalText(object) }))
    .toSorted((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1))
    .map(({ object }) => object);
}

/** JSON with sorted keys, so that only content counts. */
const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
