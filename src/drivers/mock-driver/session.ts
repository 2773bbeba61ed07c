import type { Clock } from "../../lib/clock.ts";
import type { JsonObject } from "../../lib/json.ts";
import { behaviourOf } from "./core/behaviour.ts";
import { type Life, printed } from "./output.ts";
import type { CommandSession } from "../../lib/command-session.ts";

/** The command that the task's `exec_command` pretends, whatever was asked for. */
export function pretendCommand(
  clock: Clock,
  options: JsonObject,
  signal: AbortSignal,
): CommandSession {
  const behaviour = behaviourOf(options);
  const startedAtMs = clock.nowMs();
  let life: Life = { behaviour, startedAtMs, endMs: startedAtMs + behaviour.runMs };
  const ending = new AbortController();
  const exit = new Promise<number>((resolve) => {
    const end = (code: number): void => {
      cancel();
      life = { ...life, endMs: Math.min(life.endMs, clock.nowMs()) };
      resolve(code);
      signal.removeEventListener("abort", onAbort);
    };
    const onAbort = (): void => {
      end(137);
      ending.abort();
    };
    const cancel = clock.after(behaviour.runMs, () => {
      end(behaviour.exitSignal > 0 ? 128 + behaviour.exitSignal : behaviour.exitCode);
    });
    ending.signal.addEventListener("abort", onAbort, { once: true });
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  return {
    // It reads nothing and has no screen.
    write: () => undefined,
    endInput: () => undefined,
    resize: () => undefined,
    output: printed(clock, () => life, null, ending.signal),
    exit,
    close: () => {
      ending.abort();
    },
  };
}
