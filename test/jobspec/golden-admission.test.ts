import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admitJob } from "../../src/jobspec/admit-job.ts";
import type { AdmitContext } from "../../src/jobspec/admit-job.ts";
import { withoutNulls } from "../support/golden.ts";
import { goldenFolder, goldenParser, hasParser } from "../support/parse-golden.ts";

interface Verdict {
  readonly stage: string;
  readonly kind: string;
  readonly validationErrors?: number;
  readonly topLevelWarnings?: number;
  readonly warnings?: boolean;
  readonly stored?: unknown;
}
const cluster: AdmitContext = {
  namespace: "default",
  region: "global",
  namespaceExists: (name) => name === "default",
  nodePoolExists: (name) => name === "default",
};
const casesIn = (folder: string): [string, Verdict][] =>
  readdirSync(goldenFolder(`jobspec/${folder}`))
    .filter((name) => name.endsWith(".json"))
    .map((name) => [
      join(goldenFolder(`jobspec/${folder}`), name.replace(/\.json$/, ".nomad")),
      JSON.parse(readFileSync(join(goldenFolder(`jobspec/${folder}`), name), "utf8")),
    ]);
const title = ([path, verdict]: [string, Verdict]): [string, string, Verdict] => [
  `${path.replace(/^.*\//, "")} (${verdict.kind})`,
  path,
  verdict,
];
const refused = casesIn("errors").filter(([, verdict]) => verdict.stage === "validate");

test("there are recordings of every kind", () => {
  expect(refused.length).toBeGreaterThan(60);
  expect(casesIn("warnings").length).toBeGreaterThan(5);
  expect(casesIn("accepted").length).toBeGreaterThan(5);
});

describe.runIf(hasParser)("with the language's parser", async () => {
  const parse = hasParser ? await goldenParser() : () => ({});

  test.each(refused.map(title))("%s is refused with as many faults", (_, path, verdict) => {
    const admission = admitJob(parse(path), cluster);
    expect(admission.ok ? [] : admission.errors).toHaveLength(verdict.validationErrors ?? 1);
  });

  test.each(casesIn("warnings").map(title))("%s is accepted with warnings", (_, path, verdict) => {
    const admission = admitJob(parse(path), cluster);
    expect(admission).toMatchObject({ ok: true });
    expect(admission.warnings).toHaveLength(verdict.topLevelWarnings ?? 1);
  });

  test.each(casesIn("accepted").map(title))("%s is stored alike", (_, path, verdict) => {
    const admission = admitJob(parse(path), cluster);
    expect(withoutNulls(admission)).toMatchObject({ ok: true, job: forStorage(verdict.stored) });
    expect(admission.warnings.length > 0).toBe(verdict.warnings);
  });
});

/** Networks and ports leave zero fields out when they are read back, so only what is recorded counts. */
function forStorage(stored: unknown): object {
  if (typeof stored !== "object" || stored === null) throw new Error("nothing was recorded");
  return stored;
}
