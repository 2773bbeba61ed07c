import { admit } from "./admit.ts";
import type { LargeJobBody, LargeJobPlace, LargeJobPort } from "../api/context.ts";
import { type Admission, warningsText } from "../jobspec/admit-job.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobReader } from "../jobspec/job-reader.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { inOrder } from "../lib/diagnostic-order.ts";
import { AppError } from "../lib/errors.ts";
import type { LoadedFile } from "../reconciler/job-file-loop.ts";
import type { StateReader } from "../store/reader.ts";

export interface LoadJobDeps {
  readonly reader: Pick<JobReader, "parseFile" | "parseBody" | "locate">;
  readonly large: LargeJobPort;
  readonly read: StateReader;
  readonly region: string;
}

/** Jobs of longer files are checked away from the main thread, as those of large requests are. */
const largeFrom = 32 * 1024;

/** A job file's text to a stored job, the same way that the API goes. */
export async function loadJobFile(
  deps: LoadJobDeps,
  text: string,
  file: string,
): Promise<LoadedFile> {
  const { reader } = deps;
  const checked =
    text.length > largeFrom
      ? await loadElsewhere(deps, text, file)
      : await loadHere(deps, text, file);
  if ("kind" in checked) return checked;
  if (!checked.ok) {
    const errors = checked.findings.filter(({ severity }) => severity === "error");
    return {
      kind: "faulty",
      message: checked.errors.join("; "),
      diagnostics: inOrder(await reader.locate(text, errors, { file, apiForm: true })),
    };
  }
  return { kind: "job", job: checked.job, warnings: warningsText(checked.warnings) };
}

type Refused = Extract<Admission, { ok: false }>;
/** What is left of an admission that was made elsewhere. */
type Checked = Extract<Admission, { ok: true }> | Omit<Refused, "job">;
type Faulty = Extract<LoadedFile, { kind: "faulty" }>;

async function loadHere(deps: LoadJobDeps, text: string, file: string): Promise<Checked | Faulty> {
  const parsed = await deps.reader.parseFile(text, { file });
  return parsed.ok ? checkHere(deps, parsed.body) : faulty(parsed.diagnostics);
}

/** From the thread that reads it to the thread that checks it the body stays JSON. */
async function loadElsewhere(
  deps: LoadJobDeps,
  text: string,
  file: string,
): Promise<Checked | Faulty> {
  const parsed = await deps.reader.parseBody(text, { file });
  return parsed.ok ? checkElsewhere(deps, parsed.bytes) : faulty(parsed.diagnostics);
}

const checkHere = ({ read: state, region }: LoadJobDeps, body: JobBody): Admission =>
  admit(body, {
    namespace: body.Namespace ?? "default",
    region,
    namespaceExists: (name) => state.namespace(name) !== undefined,
    nodePoolExists: (name) => state.nodePool(name) !== undefined,
    namespaceCapabilities: (name) => state.namespace(name)?.Capabilities ?? null,
    memoryOversubscription: state.schedulerConfig().MemoryOversubscriptionEnabled,
  });

async function checkElsewhere(
  { large, read: state, region }: LoadJobDeps,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Checked> {
  const answer = await readElsewhere(large, Buffer.from(bytes.buffer), {
    namespace: "",
    region,
    namespaces: state.namespaces({}).map(({ Name }) => Name),
    nodePools: state.nodePools({}).map(({ Name }) => Name),
    namespaceCapabilities: Object.fromEntries(
      state.namespaces({}).map(({ Name, Capabilities }) => [Name, Capabilities]),
    ),
    memoryOversubscription: state.schedulerConfig().MemoryOversubscriptionEnabled,
    keepsRegion: true,
  });
  if (typeof answer === "string")
    return {
      ok: false,
      errors: [answer],
      warnings: [],
      findings: [{ severity: "error", summary: answer, detail: "", path: [] }],
    };
  const job = answer.kind === "read" ? answer.job : undefined;
  if (job === undefined || job.kind === "undecodable")
    throw new Error("assertion failed: a job that was read from a file can be read again");
  const { warnings, findings } = job;
  return job.kind === "admitted"
    ? { ok: true, job: await job.job(), warnings, findings }
    : { ok: false, errors: job.errors, warnings, findings };
}

/** The words for why it was given up, where it was: the same file would be given up again. */
async function readElsewhere(
  large: LargeJobPort,
  bytes: Buffer,
  place: LargeJobPlace,
): Promise<LargeJobBody | string> {
  try {
    return await large.read(bytes, place);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "invalid") return thrown.message;
    throw thrown;
  }
}

function faulty(found: readonly Diagnostic[]): Faulty {
  const diagnostics = inOrder(found);
  const [first] = diagnostics;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  return {
    kind: "faulty",
    message: `${first?.summary ?? "the job file is wrong"}${more}`,
    diagnostics,
  };
}
