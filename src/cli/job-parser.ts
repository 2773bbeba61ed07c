import { basename, dirname, resolve } from "node:path";
import { formatDiagnostic } from "../lib/diagnostic.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { locateJsonFault } from "../lib/json-fault.ts";
import type { WrittenForm } from "../jobspec/job-form.ts";
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
  const other = await otherForm(request, options.file);
  const faults = other === undefined ? parsed.diagnostics : [other];
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
  const texts = textsOf(request, file);
  const other = await otherForm(request, file);
  if (other !== undefined) {
    const message = `Failed to parse JSON job: ${formatDiagnostic(other)}`;
    return { ok: false, message, faults: [other], texts };
  }
  const value = parsedJson(request.text);
  if (value === undefined) {
    const { text: fault, ...start } = locateJsonFault(request.text);
    const summary = `not valid JSON: ${fault}`;
    return {
      ok: false,
      message: `Failed to parse JSON job: ${fault}`,
      faults: [{ severity: "error", summary, detail: "", file, start }],
      texts,
    };
  }
  if (!isObject(value)) return { ok: false, message: "Failed to parse JSON job: not an object" };
  const { decodeJobFile } = await import("../jobspec/decode-body.ts");
  const decoded = decodeJobFile(value);
  if (decoded.ok) return { ...decoded, locate };
  const { message, path } = decoded;
  const found = await locate([{ severity: "error", summary: message, detail: "", path }]);
  return { ok: false, message: `Failed to parse JSON job: ${message}`, ...found };
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The parser's own words name no place that counts for a file: the text is looked at once more for that.
    return undefined;
  }
}

/** What to do where the file is written in another form than the one that it is read in. */
async function otherForm(request: JobRequest, file: string): Promise<Diagnostic | undefined> {
  const { writtenForm } = await import("../jobspec/job-form.ts");
  const { kind, place } = writtenForm(request.text, file);
  const hint = hints[request.json ? "json" : "language"][kind];
  return hint && { severity: "error", ...hint, ...place };
}

type Hint = Pick<Diagnostic, "summary" | "detail">;
type Hints = { readonly [kind in WrittenForm["kind"]]?: Hint };
const hints: { readonly [readAs in "json" | "language"]: Hints } = {
  language: {
    api: {
      summary: "Job in the form of the HTTP API",
      detail:
        "Without -json a file is read in the job language. Give -json to read this one: its fields are those of the HTTP API.",
    },
  },
  json: {
    language: {
      summary: "Not JSON",
      detail:
        "With -json a file is read as JSON in the form of the HTTP API. Leave -json out to read this one in the job language.",
    },
    "language-json": {
      summary: "Job in the job language",
      detail:
        "With -json a file is read in the form of the HTTP API. Leave -json out to read this one: it is the job language, written in JSON.",
    },
  },
};
