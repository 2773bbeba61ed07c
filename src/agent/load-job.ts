import { admit } from "./admit.ts";
import { warningsText } from "../jobspec/admit-job.ts";
import { decodeJobBody } from "../jobspec/decode-body.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobReader } from "../jobspec/job-reader.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { locateJsonFault } from "../lib/json-fault.ts";
import type { LoadedFile } from "../reconciler/job-file-loop.ts";
import type { StateReader } from "../store/reader.ts";

export interface LoadJobDeps {
  readonly reader: Pick<JobReader, "parse">;
  readonly read: StateReader;
  readonly region: string;
}

/** A job file's text to a stored job, the same way that the API goes. */
export async function loadJobFile(
  { reader, read, region }: LoadJobDeps,
  text: string,
  file: string,
): Promise<LoadedFile> {
  const body = file.endsWith(".json") ? fromJson(text) : await fromHcl(reader, text, file);
  if ("kind" in body) return body;
  const admission = admit(body.body, {
    namespace: body.body.Namespace ?? "default",
    region,
    namespaceExists: (name) => read.namespace(name) !== undefined,
    nodePoolExists: (name) => read.nodePool(name) !== undefined,
    memoryOversubscription: read.schedulerConfig().MemoryOversubscriptionEnabled,
  });
  if (!admission.ok) {
    return {
      kind: "faulty",
      message: admission.errors.join("; "),
      diagnostics: admission.errors.map((summary) => ({ severity: "error", summary, detail: "" })),
    };
  }
  return { kind: "job", job: admission.job, warnings: warningsText(admission.warnings) };
}

type Loaded = { readonly body: JobBody } | Extract<LoadedFile, { kind: "faulty" }>;

async function fromHcl(reader: LoadJobDeps["reader"], text: string, file: string): Promise<Loaded> {
  const parsed = await reader.parse(text, { file });
  if (parsed.ok) return { body: parsed.body };
  const [first] = parsed.diagnostics;
  const more = parsed.diagnostics.length > 1 ? ` (and ${parsed.diagnostics.length - 1} more)` : "";
  return {
    kind: "faulty",
    message: `${first?.summary ?? "the job file is wrong"}${more}`,
    diagnostics: parsed.diagnostics,
  };
}

function fromJson(text: string): Loaded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words name no line.
    const { text: fault, line, column } = locateJsonFault(text);
    return faulty(`not valid JSON: ${fault}`, { line, column });
  }
  const decoded = decodeJobBody(jobInside(value));
  return decoded.ok ? { body: decoded.body } : faulty(decoded.message);
}

/** With or without the envelope that the API takes. */
function jobInside(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entry = Object.entries(value).find(([key]) => key.toLowerCase() === "job");
  return entry === undefined ? value : entry[1];
}

const faulty = (
  message: string,
  start?: Diagnostic["start"],
): Extract<LoadedFile, { kind: "faulty" }> => ({
  kind: "faulty",
  message,
  diagnostics: [{ severity: "error", summary: message, detail: "", ...(start && { start }) }],
});
