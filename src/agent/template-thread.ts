import { extname } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { assertNever } from "../lib/errors.ts";
import { type Loss, WorkThread } from "../lib/system/work-thread.ts";
import type { TemplateThread } from "../node/template-work.ts";
import type { RenderOutput, RenderRequest } from "./template-thread/worker.ts";

export interface TemplateThreadOptions {
  readonly clock: Clock;
  readonly limitMs?: number;
  readonly limitMb?: number;
}

/**
 * Templates with an action that takes long in a thread of their own: what is done in one go there holds up no one.
 * What a template may cost is counted; the limits of time and memory are only for what the counting has missed.
 */
export function createTemplateThread({
  clock,
  limitMs = 20_000,
  limitMb = 512,
}: TemplateThreadOptions): TemplateThread & { close(): Promise<void> } {
  const name = `./template-thread/worker${extname(new URL(import.meta.url).pathname)}`;
  const thread = new WorkThread<RenderRequest, RenderOutput>({
    clock,
    file: new URL(name, import.meta.url),
    name: "renderer of templates",
    limitMs,
    limitMb,
  });
  return {
    render: (work) =>
      thread.ask(work, (loss) => ({
        kind: "lost",
        why: lossText(loss),
        isTooMuch: loss.kind === "time",
      })),
    close: () => thread.close(),
  };
}

function lossText(loss: Loss): string {
  switch (loss.kind) {
    case "time":
      return `rendering was given up after ${loss.limitMs} ms`;
    case "patience":
      return `the machine is too busy: rendering was given up after ${loss.patienceMs} ms`;
    case "memory":
      return `rendering takes more than ${loss.limitMb} MB`;
    case "failure":
      return `it cannot be rendered: ${loss.text}`;
    default:
      return assertNever(loss);
  }
}
