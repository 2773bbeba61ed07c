import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JobBody } from "../../src/jobspec/job-body.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";

export const goldenFolder = (name: string): string =>
  join(import.meta.dirname, "../golden/data", name);

/** The body of a recorded job file. */
export function parseGolden(path: string): JobBody {
  const parsed = parseJob(readFileSync(path, "utf8"), { file: path });
  if (!parsed.ok) throw new Error(`${path}: ${JSON.stringify(parsed.diagnostics)}`);
  return parsed.body;
}
