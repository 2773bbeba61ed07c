import { schedule, validate } from "node-cron";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";

/** A chore of the agent itself; jobs have a cron of their own. */
export interface Chore {
  readonly name: string;
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  readonly run: () => Promise<void>;
}

/** Runs the agent's chores by the clock on the wall. A chore that still runs is not started again. */
export function startSchedules(log: Logger, chores: readonly Chore[]): { stop(): Promise<void> } {
  const tasks = chores.map((chore) => {
    if (!validate(chore.cron))
      throw new Error(`chore ${chore.name} has a bad schedule: ${chore.cron}`);
    const run = async (): Promise<void> => {
      try {
        await chore.run();
      } catch (thrown) {
        log.warn(
          { chore: chore.name, error: errorText(thrown) },
          "chore failed, the next turn tries again",
        );
      }
    };
    return schedule(chore.cron, run, { name: chore.name, noOverlap: true });
  });
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
    },
  };
}
