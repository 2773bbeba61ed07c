import { extname } from "node:path";
import type { LargeJobPort, LargeJob } from "../api/context.ts";
import { breatherOf } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, assertNever } from "../lib/errors.ts";
import { type Loss, WorkThread } from "../lib/system/work-thread.ts";
import type { ReadJob } from "./large-jobs/admit-body.ts";
import { jobOfTextInSteps, jobTextInSteps } from "./large-jobs/job-text.ts";
import type { JobText } from "./large-jobs/job-text.ts";
import type { LargeJobOutput, LargeJobRequest } from "./large-jobs/worker.ts";

export interface LargeJobs extends LargeJobPort {
  close(): Promise<void>;
}
export interface LargeJobOptions {
  readonly clock: Clock;
  readonly limitMs?: number;
  readonly limitMb?: number;
}

/**
 * Jobs of large bodies in a thread of their own. A group takes about 0.2 ms to read, fill, check and compare, and a
 * body of 8 MB holds more than ten thousand; the main thread only gets what it needs, in pieces.
 */
export function createLargeJobs({ clock, limitMs, limitMb }: LargeJobOptions): LargeJobs {
  const name = `./large-jobs/worker${extname(new URL(import.meta.url).pathname)}`;
  const thread = new WorkThread<LargeJobRequest, LargeJobOutput>({
    clock,
    file: new URL(name, import.meta.url),
    name: "reader of large jobs",
    limitMs: limitMs ?? 20_000,
    limitMb: limitMb ?? 1024,
  });
  const breather = breatherOf(clock);
  const ask = async (
    request: LargeJobRequest,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Exclude<LargeJobOutput, { kind: "lost" }>> => {
    const output = await thread.ask(
      request,
      (loss) => ({ kind: "lost", why: lossText(loss) }),
      transfer,
    );
    if (output.kind === "lost") throw new AppError("invalid", output.why);
    return output;
  };
  const openJob = (job: ReadJob): LargeJob => {
    if (job.kind !== "admitted") return job;
    const { text, warnings, findings } = job;
    return {
      kind: "admitted",
      warnings,
      findings,
      job: () => jobOfTextInSteps(text, breather),
      diff: async (before, annotations) => {
        const old: JobText | null = before && (await jobTextInSteps(before, breather));
        const diff = { before: old, after: text, annotations };
        const output = await ask({ kind: "diff", diff });
        if (output.kind !== "diffed") throw unexpected(output);
        return new Uint8Array(output.bytes);
      },
    };
  };
  return {
    async read(bytes, place) {
      const own = ownBuffer(bytes);
      const output = await ask({ kind: "admit", bytes: own, place }, [own]);
      if (output.kind !== "read") throw unexpected(output);
      const { body } = output;
      if (body.kind === "broken") return body;
      return {
        kind: "read",
        body: body.body,
        ...(body.job === undefined ? {} : { job: openJob(body.job) }),
      };
    },
    close: () => thread.close(),
  };
}

/** A buffer may be a part of a pool, which must not be given away. */
function ownBuffer(bytes: Buffer): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  if (isWhole && buffer instanceof ArrayBuffer) return buffer;
  return new Uint8Array(bytes).buffer;
}

function lossText(loss: Loss): string {
  switch (loss.kind) {
    case "time":
      return `the job is too large: checking it was given up after ${loss.limitMs} ms`;
    case "patience":
      return `the machine is too busy: checking the job was given up after ${loss.patienceMs} ms`;
    case "memory":
      return `the job is too large: checking it takes more than ${loss.limitMb} MB`;
    case "failure":
      return `the job cannot be checked: ${loss.text}`;
    default:
      return assertNever(loss);
  }
}

const unexpected = (output: LargeJobOutput): Error =>
  new Error(`assertion failed: the thread answered ${output.kind}`);
