import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JobBody } from "../../src/jobspec/job-body.ts";

type Parse = (
  text: string,
  options: { readonly file: string },
) =>
  | { readonly ok: true; readonly body: JobBody }
  | { readonly ok: false; readonly diagnostics: unknown };

const door = join(import.meta.dirname, "../../src/jobspec/parse-job.ts");

/** The recorded job files are text: tests on them need the language's door. */
export const hasParser = existsSync(door);
export const goldenFolder = (name: string): string =>
  join(import.meta.dirname, "../golden/data", name);

export async function goldenParser(): Promise<(path: string) => JobBody> {
  const { parseJob } = (await import(door)) as { readonly parseJob: Parse };
  return (path) => {
    const parsed = parseJob(readFileSync(path, "utf8"), { file: path });
    if (!parsed.ok) throw new Error(`${path}: ${JSON.stringify(parsed.diagnostics)}`);
    return parsed.body;
  };
}
