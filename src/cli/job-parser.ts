import { basename, dirname, resolve } from "node:path";
import { formatDiagnostic } from "../lib/diagnostic.ts";
import { locateJsonFault } from "../lib/json-fault.ts";
import type { ParseJobOptions } from "../jobspec/parse-job.ts";
import type { JobLoader, JobRequest, LoadedJob, LocateFindings } from "./load-job.ts";

/** Reads a job file with the real parser, which is loaded here and not before: most commands never need it. */
export const loadJobFile: JobLoader = async (request) => {
  // Places are told with the file's own name, whatever the way to it.
  const options = {
    file: basename(request.file),
    variableFiles: request.variableFiles,
    variableFlags: request.variableFlags,
    environment: request.environment,
    strictVariables: request.strict,
    folder: dirname(resolve(request.file)),
  };
  const locate = finder(request, options);
  if (request.json) return readJson(request, options.file, locate);
  const { parseJob } = await import("../jobspec/parse-job.ts");
  const parsed = parseJob(request.text, options);
  if (parsed.ok) return { ok: true, body: parsed.body, locate };
  const faults = parsed.diagnostics;
  return {
    ok: false,
    message: `Error parsing job file from ${request.file}:\n${faults.map(formatDiagnostic).join("\n")}`,
    faults,
    texts: textsOf(request, options.file),
  };
};

const finder =
  (request: JobRequest, options: ParseJobOptions): LocateFindings =>
  async (findings) => {
    const { locateInJob } = await import("../jobspec/locate-in-job.ts");
    return {
      faults: locateInJob(request.text, findings, { ...options, apiForm: request.json }),
      texts: textsOf(request, options.file),
    };
  };

const textsOf = (request: JobRequest, file: string): ReadonlyMap<string, string> =>
  new Map([
    ...request.variableFiles.map((one): [string, string] => [one.name, one.text]),
    [file, request.text],
  ]);

/** `{"Job": {...}}` and the bare job are both taken. */
async function readJson(
  request: JobRequest,
  file: string,
  locate: LocateFindings,
): Promise<LoadedJob> {
  const { decodeJobFile } = await import("../jobspec/decode-body.ts");
  let value: unknown;
  try {
    value = JSON.parse(request.text);
  } catch {
    // Node's own words name no place that counts for a file.
    const { text: fault, ...start } = locateJsonFault(request.text);
    const summary = `not valid JSON: ${fault}`;
    return {
      ok: false,
      message: `Failed to parse JSON job: ${fault}`,
      faults: [{ severity: "error", summary, detail: "", file, start }],
      texts: textsOf(request, file),
    };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, message: "Failed to parse JSON job: not an object" };
  const decoded = decodeJobFile("Job" in value ? value.Job : value);
  if (decoded.ok) return { ...decoded, locate };
  const { message, path } = decoded;
  const found = await locate([{ severity: "error", summary: message, detail: "", path }]);
  return { ok: false, message: `Failed to parse JSON job: ${message}`, ...found };
}
