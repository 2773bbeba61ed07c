import { basename } from "node:path";
import { breatherOf } from "../lib/breather.ts";
import { sleep } from "../lib/clock.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, assertNever, errorText } from "../lib/errors.ts";
import type { Json } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import type { StringMap, Template } from "../model/job.ts";
import type { TaskPaths } from "./alloc-directory.ts";
import { planChange } from "./template/core/change.ts";
import type { TemplateChange } from "./template/core/change.ts";
import { dependencyText } from "./template/core/dependency.ts";
import { parseDotenv } from "./template/core/dotenv.ts";
import { formatFault } from "./template/core/faults.ts";
import type { Home, TemplateSources } from "./template/core/lookups.ts";
import { missingText } from "./template/core/missing-text.ts";
import { waitOf } from "./template/core/quiescence.ts";
import type { Wait } from "./template/core/quiescence.ts";
import { createHost } from "./template/host.ts";
import { TaskFiles } from "./template/task-files.ts";
import type { TemplateThread } from "./template-work.ts";
import { loadTemplate, nameOf } from "./template/task-template.ts";
import type { TaskTemplate, TemplateContext } from "./template/task-template.ts";
import { Waker } from "./template/waker.ts";

export { scriptText } from "./template/core/change.ts";
export type { ScriptOutcome, TemplateChange, TemplateScript } from "./template/core/change.ts";
export type { ServiceData, VariableData } from "./template/core/lookups.ts";

/** Answers at once from what is known here; `watch` says when any of it may have changed. */
export interface LiveTemplateSources extends Omit<TemplateSources, "file"> {
  /** Only marks; the returned function ends it. */
  readonly watch: (changed: () => void) => () => void;
}

export interface TaskTemplatesOptions {
  readonly templates: readonly Template[];
  /** What `env` finds: the task's own variables and the node's attributes. */
  readonly env: StringMap;
  /** Replaces `${name}` in paths, with directories as the host has them. */
  readonly interpolate: (text: string) => string;
  readonly paths: TaskPaths;
  readonly home: Home;
  readonly sources: LiveTemplateSources;
  /** Tells the task's owner what is waited for. */
  readonly notice: (message: string) => void;
  /** Throws with what is wrong with the text. */
  readonly parseYaml?: (text: string) => Json;
  /** Where templates with long actions are rendered. */
  readonly thread?: TemplateThread;
  /** For templates without a `wait` block. */
  readonly wait?: Wait;
}

export type FirstRender =
  | { readonly kind: "rendered"; readonly env: StringMap }
  | { readonly kind: "failed"; readonly reason: string };

/** The templates of one task, from before its first start until it is over. */
export interface TaskTemplates {
  /**
   * Writes all templates, waiting for what is missing. A file with the same content stays as it is. May be called
   * again before a restart, but not while `follow` runs. Rejects when aborted, and where it is not the templates'
   * fault that they cannot be rendered now: another try may do better.
   */
  renderFirst(signal: AbortSignal): Promise<FirstRender>;
  /**
   * After `renderFirst`: writes templates anew as their data changes and says what the task has to be told, one
   * after the other. With `isRestored` the task ran already when `renderFirst` was called: what that changed is told
   * too. Goes on across restarts of the task. A file that cannot be rendered anew just now stays as it is until it
   * can. Resolves after a failure was told; rejects when aborted.
   */
  follow(options: FollowOptions): Promise<void>;
  /** The variables of templates with `env = true` as they are now: for the next start. */
  env(): StringMap;
}
export interface FollowOptions {
  readonly isRestored: boolean;
  readonly act: (change: TemplateChange) => Promise<void>;
  readonly signal: AbortSignal;
}

const defaultWait: Wait = { minMs: 5_000, maxMs: 240_000 };
const noticeEveryMs = 3_000;
/** Files have no watch of their own. */
const lookAtFilesMs = 2_000;
/** Changes come in swarms: one look for all of them. */
const gatherMs = 100;
/** Where a rendering was lost the machine has too much to do already. */
const lookAgainMs = 15_000;
/** Each round of first looks may find files that only the data before it named. */
const mostFileRounds = 20;

export const createTaskTemplates = (
  clock: Clock,
  random: Random,
  log: Logger,
  options: TaskTemplatesOptions,
): TaskTemplates => new Runner(clock, random, log, options);

class Runner implements TaskTemplates {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #options: TaskTemplatesOptions;
  readonly #files: TaskFiles;
  #templates: readonly TaskTemplate[] = [];
  /** Those whose files the first rendering changed. */
  #rewritten: readonly TaskTemplate[] = [];
  #env: StringMap = {};
  /** Until when those whose last rendering was lost are left alone. */
  readonly #lostUntilMs = new Map<TaskTemplate, number>();

  constructor(clock: Clock, random: Random, log: Logger, options: TaskTemplatesOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#options = options;
    this.#files = new TaskFiles(options.paths);
  }

  env(): StringMap {
    return this.#env;
  }

  async renderFirst(signal: AbortSignal): Promise<FirstRender> {
    const waker = new Waker(this.#clock);
    const unwatch = this.#options.sources.watch(waker.note);
    try {
      this.#templates = await this.#load();
      const texts = await this.#renderAll(waker, signal);
      const rewritten: TaskTemplate[] = [];
      for (const [template, text] of texts)
        if (await this.#named(template, () => template.write(text))) rewritten.push(template);
      this.#rewritten = rewritten;
      this.#env = this.#readEnv();
      return { kind: "rendered", env: this.#env };
    } catch (thrown) {
      if (signal.aborted || isPassing(thrown)) throw thrown;
      return { kind: "failed", reason: failed(thrown) };
    } finally {
      unwatch();
    }
  }

  async follow({ isRestored, act, signal }: FollowOptions): Promise<void> {
    const waker = new Waker(this.#clock);
    const unwatch = this.#options.sources.watch(waker.note);
    const live = this.#templates.filter(({ block }) => !block.Once);
    try {
      if (isRestored)
        await this.#tell(
          live.filter((template) => this.#rewritten.includes(template)),
          act,
          signal,
        );
      for (;;) {
        await this.#propose(live);
        await this.#writeDue(live, act, signal);
        await this.#untilNextLook(live, waker, signal);
      }
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      this.#log.warn({ error: errorText(thrown) }, "templates failed");
      await act({ kind: "failed", reason: failed(thrown) });
    } finally {
      unwatch();
    }
  }

  async #load(): Promise<readonly TaskTemplate[]> {
    const { paths, interpolate, home, sources, parseYaml, thread, wait } = this.#options;
    const context: TemplateContext = {
      paths,
      interpolate,
      home,
      env: new Map(Object.entries(this.#options.env)),
      sources: {
        variable: (asked) => sources.variable(asked),
        variables: (asked) => sources.variables(asked),
        service: (asked) => sources.service(asked),
        services: (asked) => sources.services(asked),
        file: ({ path }) => this.#files.answer(path),
      },
      host: () => createHost(this.#clock.nowMs(), parseYaml),
      breather: breatherOf(this.#clock),
      thread,
      nowMs: () => this.#clock.nowMs(),
    };
    const loaded: TaskTemplate[] = [];
    for (const [at, block] of this.#options.templates.entries())
      loaded.push(
        await loadTemplate(block, {
          wait: waitOf(block.Wait, wait ?? defaultWait),
          context,
          temporary: `.template-${basename(paths.task)}-${at}.new`,
        }),
      );
    return loaded;
  }

  /** The texts of all templates, as soon as nothing is missing any more. */
  async #renderAll(
    waker: Waker,
    signal: AbortSignal,
  ): Promise<readonly (readonly [TaskTemplate, string])[]> {
    const notices = new Notices(this.#clock, this.#options.notice);
    for (let round = 1; ; round++) {
      const texts: (readonly [TaskTemplate, string])[] = [];
      const missing = new Set<string>();
      for (const template of this.#templates) {
        const outcome = await this.#render(template);
        if (outcome.kind === "rendered") texts.push([template, outcome.text]);
        else for (const name of outcome.missing) missing.add(name);
      }
      if (missing.size === 0) return texts;
      if ((await this.#files.refresh()) && round <= mostFileRounds) continue;
      const nextNoticeMs = notices.tell(missing);
      await waker.wait(Math.min(nextNoticeMs, this.#filesMs()), signal);
    }
  }

  async #render(
    template: TaskTemplate,
  ): Promise<
    | { readonly kind: "rendered"; readonly text: string }
    | { readonly kind: "missing"; readonly missing: readonly string[] }
  > {
    const outcome = await template.render();
    switch (outcome.kind) {
      case "rendered":
        return outcome;
      case "missing":
        return { kind: "missing", missing: outcome.missing.map(dependencyText) };
      case "failed":
        throw new AppError("invalid", formatFault(nameOf(template.block), outcome.fault));
      default:
        return assertNever(outcome);
    }
  }

  /** Renders what has changed. Where data went missing, the old file stays. */
  async #propose(live: readonly TaskTemplate[]): Promise<void> {
    await this.#files.refresh();
    for (const template of live) {
      const lostUntilMs = this.#lostUntilMs.get(template) ?? 0;
      if (!template.isStale() || this.#clock.monotonicMs() < lostUntilMs) continue;
      this.#lostUntilMs.delete(template);
      await this.#proposeOne(template);
    }
  }

  /** A task that runs is not ended because a new text of its files is late. */
  async #proposeOne(template: TaskTemplate): Promise<void> {
    try {
      const outcome = await this.#render(template);
      if (outcome.kind === "rendered") template.propose(outcome.text, this.#clock.monotonicMs());
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
      this.#log.warn(
        { error: errorText(thrown) },
        "a template could not be rendered anew and will be tried again",
      );
      this.#lostUntilMs.set(template, this.#clock.monotonicMs() + lookAgainMs);
    }
  }

  async #writeDue(
    live: readonly TaskTemplate[],
    act: FollowOptions["act"],
    signal: AbortSignal,
  ): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const changed: TaskTemplate[] = [];
    for (const template of live)
      if (template.dueMs <= nowMs && (await this.#named(template, () => template.writePending())))
        changed.push(template);
    if (changed.length > 0) await this.#tell(changed, act, signal);
  }

  /** After a while that chance decides, so that not all instances of a job restart at once. */
  async #tell(
    changed: readonly TaskTemplate[],
    act: FollowOptions["act"],
    signal: AbortSignal,
  ): Promise<void> {
    this.#env = this.#readEnv();
    const { changes, splayNs } = planChange(changed.map(({ block }) => block));
    if (changes.length === 0) return;
    const files = changed.map(({ block }) => block.DestPath);
    this.#log.info({ files }, "templates changed");
    if (splayNs > 0) await sleep(this.#clock, this.#random.fraction() * (splayNs / 1e6), signal);
    for (const change of changes) await act(change);
  }

  async #untilNextLook(
    live: readonly TaskTemplate[],
    waker: Waker,
    signal: AbortSignal,
  ): Promise<void> {
    const dueMs = Math.min(
      Infinity,
      ...live.map((template) => template.dueMs),
      ...this.#lostUntilMs.values(),
    );
    const nowMs = this.#clock.monotonicMs();
    const untilMs = Math.min(Math.max(dueMs - nowMs, 0), this.#filesMs());
    if (await waker.wait(untilMs, signal)) await sleep(this.#clock, gatherMs, signal);
  }

  #filesMs(): number {
    return this.#files.hasAny ? lookAtFilesMs : Infinity;
  }

  /** A later template wins. */
  #readEnv(): StringMap {
    const merged = new Map<string, string>();
    for (const { block, text } of this.#templates) {
      if (!block.Envvars || text === undefined) continue;
      const outcome = parseDotenv(text);
      if (outcome.kind === "failed")
        throw new AppError(
          "invalid",
          `error parsing env template ${JSON.stringify(block.DestPath)}: ${outcome.reason}`,
        );
      for (const [key, value] of outcome.values) merged.set(key, value);
    }
    return Object.fromEntries(merged);
  }

  async #named<T>(template: TaskTemplate, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      throw new AppError("invalid", `failed to write ${template.block.DestPath}`, {
        cause: thrown,
      });
    }
  }
}

/** A thread that was lost, a machine that is too busy: nothing that the templates could help. */
export const isPassing = (thrown: unknown): boolean =>
  thrown instanceof AppError && (thrown.code === "unavailable" || thrown.code === "cancelled");

const failed = (thrown: unknown): string => `Template failed: ${errorText(thrown)}`;

/** Says what is missing when it has been so for a while, and again only when it is something else. */
class Notices {
  readonly #clock: Clock;
  readonly #notice: (message: string) => void;
  #last = "";
  #nextMs: number;

  constructor(clock: Clock, notice: (message: string) => void) {
    this.#clock = clock;
    this.#notice = notice;
    this.#nextMs = clock.monotonicMs() + noticeEveryMs;
  }

  /** Answers after how many milliseconds there may be something to say. */
  tell(missing: ReadonlySet<string>): number {
    const message = missingText(missing);
    if (message === this.#last) return Infinity;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextMs) return this.#nextMs - nowMs;
    this.#notice(message);
    this.#last = message;
    this.#nextMs = nowMs + noticeEveryMs;
    return Infinity;
  }
}
