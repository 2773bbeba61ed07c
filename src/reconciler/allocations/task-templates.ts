import { sleep } from "../../lib/clock.ts";
import type { Clock } from "../../lib/clock.ts";
import { assertNever, errorText } from "../../lib/errors.ts";
import type { Json } from "../../lib/json.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import type { Task } from "../../model/job.ts";
import type { TemplateThread } from "../../node/template-work.ts";
import { createTaskTemplates, isPassing } from "../../node/templates.ts";
import type {
  FirstRender,
  LiveTemplateSources,
  ScriptOutcome,
  TaskTemplates,
  TemplateChange,
  TemplateScript,
} from "../../node/templates.ts";
import { scriptText } from "../../node/templates.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { interpolateText } from "../core/node/interpolate.ts";
import { nodeVariables } from "../core/node/task-environment.ts";
import type { AllocationRecord, Outcome } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import { environmentOf, type SpecInput } from "./task-spec.ts";

export interface TemplateTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly sources: LiveTemplateSources;
  /** Reads YAML for templates; without it they refuse it. */
  readonly parseYaml: ((text: string) => Json) | undefined;
  /** Where templates with long actions are rendered. */
  readonly thread: TemplateThread | undefined;
  readonly tell: (allocationId: string, outcome: Outcome) => void;
  /** The engine's handle of a task that runs. */
  readonly handleOf: (allocationId: string, task: string) => string | undefined;
}
type TemplateInput = Omit<SpecInput, "prepared">;
interface Held {
  readonly templates: TaskTemplates;
  /** What is rendered now, one at a time: a new try waits for nobody but itself. */
  following: AbortController | undefined;
}

/** The templates of all tasks on this node: rendered before a start, followed while the task runs. */
export class TemplateFollowers {
  readonly #tools: TemplateTools;
  readonly #log: Logger;
  readonly #held = new Map<string, Held>();
  readonly #running = new Set<Promise<void>>();

  constructor(tools: TemplateTools) {
    this.#tools = tools;
    this.#log = tools.log.child("templates");
  }

  /** Writes a task's templates, waiting for what they ask for. What is followed already is current. */
  async render(input: TemplateInput, signal: AbortSignal): Promise<FirstRender> {
    const known = this.#held.get(keyOf(input.desired, input.task));
    if (known?.following) return { kind: "rendered", env: known.templates.env() };
    if ((input.task.Templates ?? []).length === 0) return { kind: "rendered", env: {} };
    const held = known ?? this.#make(input);
    this.#held.set(keyOf(input.desired, input.task), held);
    return held.templates.renderFirst(signal);
  }

  /** Follows the templates of tasks that run, and no others. */
  sync(
    desired: DesiredAllocation,
    record: AllocationRecord,
    inputOf: (task: Task) => TemplateInput | undefined,
  ): void {
    for (const task of groupOf(desired).Tasks) {
      if ((task.Templates ?? []).length === 0) continue;
      const state = record.tasks[task.Name];
      if (state?.phase === "running") this.#follow(desired, task, inputOf);
      else if (state?.phase === "dead") this.#drop(keyOf(desired, task));
    }
  }

  forget(desired: DesiredAllocation): void {
    for (const task of groupOf(desired).Tasks) this.#drop(keyOf(desired, task));
  }

  async stop(): Promise<void> {
    for (const key of this.#held.keys()) this.#drop(key);
    await Promise.all(this.#running);
  }

  #drop(key: string): void {
    this.#held.get(key)?.following?.abort(new Error("the task is not followed any more"));
    this.#held.delete(key);
  }

  #make(input: TemplateInput): Held {
    const { clock, random, sources, parseYaml, thread, tell } = this.#tools;
    const { desired, task, node, region, paths } = input;
    const onHost = [environmentOf(input, paths)];
    const templates = createTaskTemplates(clock, random, this.#log, {
      templates: task.Templates ?? [],
      env: { ...nodeVariables(node, region), ...environmentOf(input) },
      interpolate: (text) => interpolateText(text, onHost),
      paths,
      home: { namespace: desired.allocation.Namespace, region },
      sources: livingIn(desired.allocation.Namespace, sources),
      ...(parseYaml === undefined ? {} : { parseYaml }),
      ...(thread === undefined ? {} : { thread }),
      notice: (message) => {
        const note = { kind: "template", message } as const;
        tell(desired.allocation.ID, { kind: "noted", task: task.Name, note });
      },
    });
    return { templates, following: undefined };
  }

  #follow(
    desired: DesiredAllocation,
    task: Task,
    inputOf: (task: Task) => TemplateInput | undefined,
  ): void {
    const key = keyOf(desired, task);
    const known = this.#held.get(key);
    if (known?.following) return;
    const input = inputOf(task);
    if (!input) return;
    const held = known ?? this.#make(input);
    this.#held.set(key, held);
    const abort = new AbortController();
    held.following = abort;
    // A task that ran before this agent did: what changed meanwhile is told it as well.
    const work = this.#watch(held, input, { isRestored: !known, signal: abort.signal }).finally(
      () => {
        this.#running.delete(work);
        // It ended by itself, after a failure: the next attempt of the task begins anew.
        if (this.#held.get(key) === held) this.#held.delete(key);
      },
    );
    this.#running.add(work);
  }

  async #watch(
    { templates }: Held,
    input: TemplateInput,
    { isRestored, signal }: { readonly isRestored: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const act = (change: TemplateChange): Promise<void> => this.#act(input, change, signal);
    try {
      if (isRestored) {
        const first = await this.#firstOf(templates, signal);
        if (first.kind === "failed") return await act({ kind: "failed", reason: first.reason });
      }
      await templates.follow({ isRestored, act, signal });
    } catch (thrown) {
      if (signal.aborted) return;
      const fields = { allocationId: input.desired.allocation.ID, task: input.task.Name };
      this.#log.warn({ ...fields, error: errorText(thrown) }, "templates are not followed");
    }
  }

  /** The task runs already: it is waited for until its files can be rendered. */
  async #firstOf(templates: TaskTemplates, signal: AbortSignal): Promise<FirstRender> {
    for (;;) {
      try {
        return await templates.renderFirst(signal);
      } catch (thrown) {
        if (signal.aborted || !isPassing(thrown)) throw thrown;
        this.#log.warn(
          { error: errorText(thrown) },
          "templates could not be rendered and will be tried again",
        );
        await sleep(this.#tools.clock, lookAgainMs, signal);
      }
    }
  }

  async #act(input: TemplateInput, change: TemplateChange, signal: AbortSignal): Promise<void> {
    const task = input.task.Name;
    const tell = (outcome: Outcome): void => {
      this.#tools.tell(input.desired.allocation.ID, outcome);
    };
    switch (change.kind) {
      case "restart":
        tell({
          kind: "restart-asked",
          task,
          request: { reason: change.reason, countsAsFailure: false },
        });
        return;
      case "signal":
        tell(await this.#signal(input, change.signal, signal));
        return;
      case "script": {
        const outcome = await this.#run(input, change.script, signal);
        const { isFailure, message } = scriptText(change.script, outcome);
        tell({ kind: "noted", task, note: { kind: "template", message } });
        if (isFailure && change.script.failOnError)
          tell({ kind: "templates-failed", task, reason: message });
        return;
      }
      case "failed":
        tell({ kind: "templates-failed", task, reason: change.reason });
        return;
      default:
        return assertNever(change);
    }
  }

  async #signal(input: TemplateInput, name: string, signal: AbortSignal): Promise<Outcome> {
    const { desired, task, driver } = input;
    const handle = this.#tools.handleOf(desired.allocation.ID, task.Name);
    if (handle === undefined) {
      const message = `Template skipped signal ${name}: task is not running`;
      return { kind: "noted", task: task.Name, note: { kind: "template", message } };
    }
    await driver.signal(handle, name, AbortSignal.any([signal, AbortSignal.timeout(callMs)]));
    return { kind: "signalled", task: task.Name, signal: name };
  }

  async #run(
    { desired, task, driver }: TemplateInput,
    { command, args, timeoutNs }: TemplateScript,
    signal: AbortSignal,
  ): Promise<ScriptOutcome> {
    const handle = this.#tools.handleOf(desired.allocation.ID, task.Name);
    if (handle === undefined) return { kind: "not-run", error: "task is not running" };
    if (!driver.exec) return { kind: "not-run", error: `${driver.name} runs no commands in tasks` };
    const ended = new AbortController();
    const cancel = this.#tools.clock.after(timeoutNs / 1e6, () => {
      ended.abort(new Error("the script took too long"));
    });
    try {
      const request = { command: [command, ...args], tty: false };
      const session = await driver.exec(handle, request, AbortSignal.any([signal, ended.signal]));
      session.endInput();
      for await (const _piece of session.output);
      return { kind: "exited", exitCode: await session.exit };
    } catch (thrown) {
      return { kind: "not-run", error: errorText(thrown) };
    } finally {
      cancel();
    }
  }
}

const callMs = 10_000;
const lookAgainMs = 15_000;
const keyOf = ({ allocation }: DesiredAllocation, task: Task): string =>
  `${allocation.ID}/${task.Name}`;

/** Services without a namespace are looked for where the task lives. */
const livingIn = (home: string, sources: LiveTemplateSources): LiveTemplateSources => ({
  ...sources,
  service: (asked) => sources.service({ ...asked, namespace: asked.namespace || home }),
  services: (asked) => sources.services({ ...asked, namespace: asked.namespace || home }),
});
