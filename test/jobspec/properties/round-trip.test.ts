import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jobSpec } from "../../../src/jobspec/core/decode/job-schema.ts";
import type { BlockSpec } from "../../../src/jobspec/core/decode/spec-types.ts";
import { formatDiagnostic, parseJob } from "../../../src/jobspec/parse-job.ts";
import type { Json } from "../../../src/lib/json.ts";
import { anyJobBody } from "../../support/generate-job.ts";
import { printJob } from "../../support/print-job.ts";
import { patience, runs } from "./runs.ts";

const seed = fc.integer({ min: 0, max: 1_000_000 });

test(
  "a job that is written out and read again is the same job",
  () => {
    fc.assert(
      fc.property(anyJobBody, seed, (body, style) => {
        const text = printJob(body, style);
        const result = parseJob(text, { file: "t" });
        if (!result.ok)
          throw new Error(`${result.diagnostics.map(formatDiagnostic).join("\n")}\n${text}`);
        expect(result.body).toEqual(body);
      }),
      runs(200),
    );
  },
  patience,
);

test("the generated jobs have every block and argument of the tables", () => {
  const seen = new Set<string>();
  for (const body of fc.sample(anyJobBody, { numRuns: 2500, seed: 1 })) collect(body, seen);
  const missing = [...keysOf(jobSpec)].filter((key) => !seen.has(key));
  expect(missing).toEqual([]);
});

function collect(value: Json, seen: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item, seen);
  else
    for (const [key, item] of Object.entries(value)) {
      seen.add(key);
      collect(item, seen);
    }
}

/** The output keys of a table and of all tables below it. */
function keysOf(spec: BlockSpec, done = new Set<BlockSpec>()): ReadonlySet<string> {
  const keys = new Set<string>();
  if (done.has(spec)) return keys;
  done.add(spec);
  for (const short of Object.values(spec.arguments)) keys.add(short.split(":")[0] ?? "");
  for (const child of Object.values(spec.blocks ?? {})) {
    keys.add(child.key);
    if ("spec" in child) for (const key of keysOf(child.spec, done)) keys.add(key);
  }
  return new Set([...keys].filter((key) => !key.startsWith("$")));
}
