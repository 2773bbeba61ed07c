import { AppError } from "../../lib/errors.ts";
import type { Breather } from "../../lib/breather.ts";
import type { Template } from "../../model/job.ts";
import type { TemplateThread } from "../template-work.ts";
import { defaultLimits } from "./core/budget.ts";
import type { Limits } from "./core/budget.ts";
import { readConfined, writeConfined } from "./confined-file.ts";
import { formatFault } from "./core/faults.ts";
import type { Home, TemplateSources } from "./core/lookups.ts";
import type { Host } from "./core/host-types.ts";
import { nextPending } from "./core/quiescence.ts";
import type { Pending, Wait } from "./core/quiescence.ts";
import { parseTemplate, renderInSteps } from "./core/render.ts";
import type { RenderOutcome } from "./core/render.ts";
import type { ParsedTemplate } from "./core/syntax-types.ts";
import { destinationPlace, sourcePlace } from "./place.ts";
import type { Place } from "./place.ts";
import { RecordedSources } from "./recorded-sources.ts";
import type { TaskPaths } from "../alloc-directory.ts";

const largestSource = 4 * 1024 * 1024;

export interface TemplateContext {
  readonly paths: Pick<TaskPaths, "task" | "shared">;
  /** Replaces `${name}` in paths, with directories as the host has them. */
  readonly interpolate: (text: string) => string;
  readonly env: ReadonlyMap<string, string>;
  readonly home: Home;
  readonly sources: TemplateSources;
  readonly host: () => Host;
  readonly breather: Breather;
  /** Where templates with long actions are rendered; without it here, like all others. */
  readonly thread: TemplateThread | undefined;
  readonly nowMs: () => number;
}

/** About as long as a slice of a rendering is, so that no template holds up the event loop. */
const ownLimits: Limits = { ...defaultLimits, actionSteps: 4_000 };
/** Each answer may lead to new questions. */
const mostRounds = 20;

/** One template block: what it would say now, and what is written of it. */
export class TaskTemplate {
  readonly block: Template;
  readonly wait: Wait;
  readonly #context: TemplateContext;
  readonly #destination: Place;
  readonly #temporary: string;
  readonly #parsed: ParsedTemplate;
  #recorded: RecordedSources | undefined;
  #written: string | undefined;
  #pending: Pending | undefined;

  constructor(
    block: Template,
    read: { readonly parsed: ParsedTemplate; readonly destination: Place },
    how: { readonly wait: Wait; readonly context: TemplateContext; readonly temporary: string },
  ) {
    this.block = block;
    this.wait = how.wait;
    this.#context = how.context;
    this.#destination = read.destination;
    this.#temporary = how.temporary;
    this.#parsed = read.parsed;
  }

  get text(): string | undefined {
    return this.#written;
  }

  get dueMs(): number {
    return this.#pending?.dueMs ?? Infinity;
  }

  /** Has nothing been rendered yet, or would the sources answer differently now? */
  isStale(): boolean {
    return this.#recorded?.hasChanged() ?? true;
  }

  async render(): Promise<RenderOutcome> {
    try {
      return await this.#renderNow();
    } catch (thrown) {
      // Nothing is known of what it would say now.
      this.#recorded = undefined;
      throw thrown;
    }
  }

  async #renderNow(): Promise<RenderOutcome> {
    const { env, home, host, breather, sources, thread } = this.#context;
    const recorded = new RecordedSources(sources);
    this.#recorded = recorded;
    const steps = renderInSteps(this.#parsed, {
      sources: recorded,
      env,
      home,
      functions: host(),
      errMissingKey: this.block.ErrMissingKey,
      limits: thread === undefined ? defaultLimits : ownLimits,
    });
    for (;;) {
      await breather.breathe();
      const { done, value } = steps.next();
      if (done !== true) continue;
      if (thread === undefined || value.kind !== "failed" || !value.isActionTooLong) return value;
      return this.#renderElsewhere(thread, recorded);
    }
  }

  /** From the start, and with the same outcome as here: what counts is the same, and only the answers go along. */
  async #renderElsewhere(
    thread: TemplateThread,
    recorded: RecordedSources,
  ): Promise<RenderOutcome> {
    const { env, home, nowMs } = this.#context;
    const { LeftDelim: left, RightDelim: right, ErrMissingKey: errMissingKey } = this.block;
    const work = {
      text: this.#parsed.text,
      delimiters: { left, right },
      env,
      home,
      errMissingKey,
      nowMs: nowMs(),
    };
    for (let round = 0; round < mostRounds; round++) {
      const answer = await thread.render({ ...work, answers: recorded.answers() });
      if (answer.kind === "done") return answer.outcome;
      if (answer.kind === "lost")
        throw new AppError(
          answer.isTooMuch ? "invalid" : "unavailable",
          `${nameOf(this.block)}: ${answer.why}`,
        );
      for (const asked of answer.asked) recorded.ask(asked);
    }
    throw new AppError(
      "invalid",
      `${nameOf(this.block)}: each answer leads to new questions, more than ${mostRounds} times`,
    );
  }

  /** Takes note of what should be written once it has stayed the same for long enough. */
  propose(text: string, nowMs: number): void {
    this.#pending = nextPending(
      text,
      { written: this.#written, pending: this.#pending },
      { nowMs, wait: this.wait },
    );
  }

  /** Writes what is due; true when the file was another one. */
  async writePending(): Promise<boolean> {
    return this.#pending === undefined ? false : await this.write(this.#pending.text);
  }

  async write(text: string): Promise<boolean> {
    const { Perms, Uid, Gid } = this.block;
    const hasChanged = await writeConfined(this.#destination, {
      content: Buffer.from(text),
      mode: Number.parseInt(Perms === "" ? "0644" : Perms, 8) & 0o777,
      uid: Uid ?? -1,
      gid: Gid ?? -1,
      temporary: this.#temporary,
    });
    this.#written = text;
    this.#pending = undefined;
    return hasChanged;
  }
}

/** Reads a block's text and settles its paths; throws with what is wrong for the task's owner. */
export async function loadTemplate(
  block: Template,
  how: { readonly wait: Wait; readonly context: TemplateContext; readonly temporary: string },
): Promise<TaskTemplate> {
  const { context } = how;
  const destination = destinationPlace(context.interpolate(block.DestPath), context.paths);
  const text = block.SourcePath === "" ? block.EmbeddedTmpl : await readSource(block, context);
  const parsed = parseTemplate(text, { left: block.LeftDelim, right: block.RightDelim });
  if (parsed.kind === "failed")
    throw new AppError("invalid", formatFault(nameOf(block), parsed.fault));
  return new TaskTemplate(block, { parsed: parsed.template, destination }, how);
}

async function readSource(block: Template, context: TemplateContext): Promise<string> {
  const place = sourcePlace(context.interpolate(block.SourcePath), context.paths);
  const content = await readConfined(place, largestSource);
  if (content === undefined)
    throw new AppError("not-found", `template source ${block.SourcePath} does not exist`);
  return Buffer.from(content).toString("utf8");
}

/** What faults are named after: the file with the text, or the one that is made of an embedded text. */
export const nameOf = ({ SourcePath, DestPath }: Template): string =>
  SourcePath === "" ? DestPath : SourcePath;
