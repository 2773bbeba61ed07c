import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { admitJob } from "../../src/jobspec/admit-job.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { isSameJobSpec } from "../../src/model/job-spec.ts";
import { openCluster } from "../support/admitted-job.ts";

const folders = ["test/golden/data/state", "test/golden/data/jobspec", "jobs", "jobs/samples"];
const admitted = folders
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(?:nomad|hcl)$/.test(name))
      .map((name) => join(folder, name)),
  )
  .flatMap((file) => {
    const parsed = parseJob(readFileSync(file, "utf8"), { file });
    const admission = parsed.ok ? admitJob(parsed.body, openCluster) : undefined;
    return admission?.ok ? [{ file, job: admission.job }] : [];
  });

test("most job files at hand are fit for this", () => {
  expect(admitted.length).toBeGreaterThan(60);
});

/** What clients do that change one field of a job: read it, send it back whole. */
test.each(admitted)("$file can be read from the API and sent back without a change", ({ job }) => {
  const stored = { ...job, SubmitTime: 1_700_000_000_123_457_000, Version: 3, ModifyIndex: 9 };
  const decoded = decodeJobBody(JSON.parse(JSON.stringify(stored)));
  if (!decoded.ok) throw new Error(decoded.message);
  const second = admitJob(decoded.body, openCluster);
  if (!second.ok) throw new Error(second.errors.join("; "));
  expect(isSameJobSpec(second.job, job)).toBe(true);
});
