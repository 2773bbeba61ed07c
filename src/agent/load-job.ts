import { admit } from "./admit.ts";
import { warningsText } from "../jobspec/admit-job.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobReader } from "../jobspec/job-reader.ts";
import type { LoadedFile } from "../reconciler/job-file-loop.ts";
import type { StateReader } from "../store/reader.ts";

export interface LoadJobDeps {
  readonly reader: Pick<JobReader, "parseFile" | "locate">;
  readonly read: StateReader;
  readonly region: string;
}

/** A job file's text to a stored job, the same way that the API goes. */
export async function loadJobFile(
  { reader, read: state, region }: LoadJobDeps,
  text: string,
  file: string,
): Promise<LoadedFile> {
  const body = await read(reader, text, file);
  if ("kind" in body) return body;
  const admission = admit(body.body, {
    namespace: body.body.Namespace ?? "default",
    region,
    namespaceExists: (name) => state.namespace(name) !== undefined,
    nodePoolExists: (name) => state.nodePool(name) !== undefined,
    namespaceCapabilities: (name) => state.namespace(name)?.Capabilities ?? null,
    memoryOversubscription: state.schedulerConfig().MemoryOversubscriptionEnabled,
  });
  if (!admission.ok) {
    const errors = admission.findings.filter(({ severity }) => severity === "error");
    return {
      kind: "faulty",
      message: admission.errors.join("; "),
      diagnostics: await reader.locate(text, errors, { file, apiForm: true }),
    };
  }
  return { kind: "job", job: admission.job, warnings: warningsText(admission.warnings) };
}

type Loaded = { readonly body: JobBody } | Extract<LoadedFile, { kind: "faulty" }>;

async function read(reader: LoadJobDeps["reader"], text: string, file: string): Promise<Loaded> {
  const parsed = await reader.parseFile(text, { file });
  if (parsed.ok) return { body: parsed.body };
  const [first] = parsed.diagnostics;
  const more = parsed.diagnostics.length > 1 ? ` (and ${parsed.diagnostics.length - 1} more)` : "";
  return {
    kind: "faulty",
    message: `${first?.summary ?? "the job file is wrong"}${more}`,
    diagnostics: parsed.diagnostics,
  };
}
