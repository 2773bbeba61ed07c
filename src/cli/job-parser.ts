import { basename, dirname, resolve } from "node:path";
import type { JobBody } from "../jobspec/job-body.ts";
import { formatDiagnostic } from "../lib/diagnostic.ts";
import type { JobLoader } from "./load-job.ts";

/** Reads a job file with the real parser, which is loaded here and not before: most commands never need it. */
export const loadJobFile: JobLoader = async (request) => {
  if (request.json) return readJson(request.text);
  const { parseJob } = await import("../jobspec/parse-job.ts");
  // Places are told with the file's own name, whatever the way to it.
  const file = basename(request.file);
  const parsed = parseJob(request.text, {
    file,
    variableFiles: request.variableFiles,
    variableFlags: request.variableFlags,
    environment: request.environment,
    strictVariables: request.strict,
    folder: dirname(resolve(request.file)),
  });
  if (parsed.ok) return { ok: true, body: parsed.body };
  const faults = parsed.diagnostics;
  return {
    ok: false,
    message: `Error parsing job file from ${request.file}:\n${faults.map(formatDiagnostic).join("\n")}`,
    faults,
    texts: new Map([
      ...request.variableFiles.map((file): [string, string] => [file.name, file.text]),
      [file, request.text],
    ]),
  };
};

function readJson(text: string): Awaited<ReturnType<JobLoader>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { ok: false, message: `Failed to parse JSON job: ${String(thrown)}` };
  }
  if (typeof value !== "object" || value === null)
    return { ok: false, message: "Failed to parse JSON job: not an object" };
  // `{"Job": {...}}` and the bare job are both taken; the server is the one that checks it.
  const inner: unknown = "Job" in value ? value.Job : value;
  return { ok: true, body: inner as JobBody };
}
