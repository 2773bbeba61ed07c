import { setMaxListeners } from "node:events";
import { sleep } from "../lib/clock.ts";
import { Limiter } from "../lib/limiter.ts";
import type { LinearPattern } from "../lib/system/regexp.ts";
import type { AllocationListStub, TaskStateAnswer } from "../sdk/wire.ts";
import { CommandFailure, messageOf, orFail, type CommandContext } from "./command.ts";
import { joined, linePrefix } from "./core/log-lines.ts";
import { createPaint } from "./core/paint.ts";
import { byText, instantMs, shortId } from "./core/values.ts";
import { untilInterrupted } from "./interrupt.ts";
import { jobPath, type ResolvedJob } from "./resolve-job.ts";
import { TaskLog, type LogType } from "./task-log.ts";
import { watch } from "./watch.ts";

export interface JobLogOptions {
  readonly follow: boolean;
  /** How many lines of the past to show of each output. */
  readonly lines: number;
  readonly types: readonly LogType[];
  /** Empty for all of them. */
  readonly task: string;
  readonly group: string;
  /** Tasks that ended, and files of the past that were last written, longer ago are left out. */
  readonly sinceMs: number | undefined;
  readonly pattern: LinearPattern | undefined;
  readonly verbose: boolean;
}

const waitForChange = "5m";
const retryMs = 1_000;

/** What all tasks of a job wrote, each line with where it comes from. Gives the exit code. */
export async function showJobLogs(
  context: CommandContext,
  job: ResolvedJob,
  options: JobLogOptions,
): Promise<number> {
  let code = 0;
  const abort = new AbortController();
  await untilInterrupted(context.ports, async (interrupted) => {
    const signal = AbortSignal.any([interrupted, abort.signal]);
    // Each connection listens to it, and a job may have any number of them.
    setMaxListeners(0, signal);
    const sources = createSources(context, options, () => {
      abort.abort();
    });
    try {
      if (options.follow) await followAll(context, { job, options, sources }, signal);
      else code = await showEnds(context, { job, options, sources }, signal);
    } catch (thrown) {
      // Whoever read the lines has gone, and so has the work.
      if (!abort.signal.aborted) throw thrown;
    }
  });
  return code;
}

interface Work {
  readonly job: ResolvedJob;
  readonly options: JobLogOptions;
  readonly sources: Sources;
}
interface Sources {
  open(allocation: AllocationListStub, task: string, type: LogType): TaskLog;
}

/** All outputs end in the same two streams: one piece of whole lines at a time. */
function createSources(
  context: CommandContext,
  options: JobLogOptions,
  onUnread: () => void,
): Sources {
  const { ui } = context;
  const turn = new Limiter(1);
  return {
    open(allocation, task, type) {
      const name = `${shortId(allocation.ID, options.verbose)}/${task}`;
      const paint = type === "stdout" ? ui.paint : (ui.errorPaint ?? createPaint(false));
      const prefix = Buffer.from(linePrefix(name, paint));
      return new TaskLog(context, {
        allocation: allocation.ID,
        namespace: allocation.Namespace,
        task,
        type,
        pattern: options.pattern,
        notBeforeMs:
          options.sinceMs === undefined ? undefined : context.ports.clock.nowMs() - options.sinceMs,
        write: async (lines) => {
          const bytes = joined(lines.flatMap((line) => [prefix, line]));
          if (!(await turn.run(() => ui.flow(bytes, type)))) onUnread();
        },
        complain: (text) => {
          ui.warn(`${name}: ${type}: ${text}`);
        },
      });
    },
  };
}

async function showEnds(
  context: CommandContext,
  { job, options, sources }: Work,
  signal: AbortSignal,
): Promise<number> {
  const { value } = await orFail(
    "Error querying job",
    context.client.get<readonly AllocationListStub[] | null>(
      `${jobPath(job.id)}/allocations`,
      { namespace: job.namespace },
      signal,
    ),
  );
  const outputs = ofAllocations(value ?? [], options).filter((output) =>
    wasRunning(context, output, options),
  );
  if (outputs.length === 0)
    throw new CommandFailure(`No task of job ${JSON.stringify(job.id)} that has written was found`);
  let failures = 0;
  for (const { allocation, task, type } of outputs) {
    const log = sources.open(allocation, task, type);
    try {
      await log.showEnd(options.lines, signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      failures++;
      const name = `${shortId(allocation.ID, options.verbose)}/${task}`;
      context.ui.error(`${name}: Failed to read ${type} file: ${messageOf(thrown)}`);
    }
  }
  return failures === outputs.length ? 1 : 0;
}

interface Output {
  readonly allocation: AllocationListStub;
  readonly task: string;
  readonly state: TaskStateAnswer;
  readonly type: LogType;
}

/** What was asked for, the oldest allocation first. */
function ofAllocations(
  allocations: readonly AllocationListStub[],
  { task, group, types }: JobLogOptions,
): readonly Output[] {
  return allocations
    .filter((one) => group === "" || one.TaskGroup === group)
    .sort((a, b) => a.CreateIndex - b.CreateIndex || byText(a.ID, b.ID))
    .flatMap((allocation) =>
      Object.entries(allocation.TaskStates ?? {})
        .filter(([name, state]) => (task === "" || name === task) && hasStarted(state))
        .sort(([a], [b]) => byText(a, b))
        .flatMap(([name, state]) => types.map((type) => ({ allocation, task: name, state, type }))),
    );
}

const hasStarted = ({ State, StartedAt }: TaskStateAnswer): boolean =>
  State === "running" || instantMs(StartedAt) !== undefined;

const hasEnded = ({ ClientStatus }: AllocationListStub): boolean =>
  ClientStatus === "complete" || ClientStatus === "failed" || ClientStatus === "lost";

function wasRunning(
  { ports }: CommandContext,
  { state }: Output,
  { sinceMs }: JobLogOptions,
): boolean {
  const finishedMs = instantMs(state.FinishedAt);
  if (sinceMs === undefined || finishedMs === undefined || state.State !== "dead") return true;
  return finishedMs >= ports.clock.nowMs() - sinceMs;
}

interface Following {
  readonly allocation: string;
  readonly ended: AbortController;
  readonly work: Promise<void>;
}

/** Allocations come and go while a job is followed; each answer of the agent says which there are now. */
async function followAll(
  context: CommandContext,
  { job, options, sources }: Work,
  signal: AbortSignal,
): Promise<void> {
  const following = new Map<string, Following>();
  let isFirst = true;
  for await (const allocations of allocationsOf(context, job, signal)) {
    for (const output of ofAllocations(allocations, options)) {
      const { allocation, task, type } = output;
      const key = `${allocation.ID}/${task}/${type}`;
      if (following.has(key)) continue;
      const ended = new AbortController();
      if (isFirst && hasEnded(allocation) && !isAskedFor(context, output, options)) {
        following.set(key, { allocation: allocation.ID, ended, work: Promise.resolve() });
        continue;
      }
      const log = sources.open(allocation, task, type);
      // Only what was there before has a past that interests just by its end.
      const lines = isFirst ? options.lines : undefined;
      const work = log.follow(lines, { ended: ended.signal, signal });
      following.set(key, { allocation: allocation.ID, ended, work });
    }
    isFirst = false;
    const living = new Set(allocations.filter((one) => !hasEnded(one)).map(({ ID }) => ID));
    const known = new Set(allocations.map(({ ID }) => ID));
    for (const [key, { allocation, ended }] of following) {
      if (!living.has(allocation)) ended.abort(new Error("the allocation has ended"));
      if (!known.has(allocation)) following.delete(key);
    }
  }
  await Promise.all([...following.values()].map(({ work }) => work));
}

/** Of what had ended before only that is shown which the given time reaches. */
const isAskedFor = (context: CommandContext, output: Output, options: JobLogOptions): boolean =>
  options.sinceMs !== undefined && wasRunning(context, output, options);

/** The allocations of a job now and after each change; an agent that is away for a while is asked again. */
async function* allocationsOf(
  context: CommandContext,
  job: ResolvedJob,
  signal: AbortSignal,
): AsyncGenerator<readonly AllocationListStub[]> {
  const query = { namespace: job.namespace };
  let [isFirst, isAway] = [true, false];
  while (!signal.aborted) {
    try {
      const path = `${jobPath(job.id)}/allocations`;
      for await (const { value, changed } of watch<readonly AllocationListStub[] | null>(
        context,
        path,
        { query, wait: waitForChange, signal },
      )) {
        [isFirst, isAway] = [false, false];
        if (changed) yield value ?? [];
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (isFirst) throw new CommandFailure(`Error querying job: ${messageOf(thrown)}`, 1, thrown);
      if (!isAway)
        context.ui.warn(`The agent does not answer and is asked again: ${messageOf(thrown)}`);
      isAway = true;
      // The wait rejects only when it is called off, which the loop asks about next.
      await sleep(context.ports.clock, retryMs, signal).catch(() => undefined);
    }
  }
}
