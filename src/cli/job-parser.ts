import { basename, dirname, resolve } from "node:path";
import { formatDiagnostic } from "../lib/diagnostic.ts";
import { jsonFault } from "../lib/json-fault.ts";
import type { JobLoader, LoadedJob } from "./load-job.ts";

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

/** `{"Job": {...}}` and the bare job are both taken. */
async function readJson(text: string): Promise<LoadedJob> {
  const { decodeJobFile } = await import("../jobspec/decode-body.ts");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Node's own words name no place that counts for a file; these do.
    return { ok: false, message: `Failed to parse JSON job: ${jsonFault(text)}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, message: "Failed to parse JSON job: not an object" };
  const decoded = decodeJobFile("Job" in value ? value.Job : value);
  return decoded.ok
    ? decoded
    : { ok: false, message: `Failed to parse JSON job: ${decoded.message}` };
}
