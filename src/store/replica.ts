import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { RaftLoop } from "../raft/loop.ts";
import type { CommandBodies, CommandOutcomes, CommandType } from "./commands.ts";
import type { OwnCommands } from "./own-commands.ts";
import type { AnyOutcome } from "./state-machine.ts";
import type { Written } from "./store.ts";

const writeTimeoutMs = 30_000;

export type Write = <K extends CommandType>(type: K, body: CommandBodies[K]) => Promise<Written<K>>;

/** Command -> bytes -> log -> outcome. */
export function createWrite(
  clock: Clock,
  loop: RaftLoop<AnyOutcome>,
  commands: OwnCommands,
): Write {
  return async <K extends CommandType>(type: K, body: CommandBodies[K]): Promise<Written<K>> => {
    const data = await commands.encode<K>({ type, proposedAt: clock.nowNs(), body });
    const { index, outcome } = await within(clock, loop.propose(data));
    // The handler table gives each command the outcome of its own type.
    return { index, outcome: outcome as CommandOutcomes[K] };
  };
}

/** The write itself may still happen after its time is up: a late outcome is unknown, never "refused". */
function within<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(writeTimeoutMs, () => {
      reject(new AppError("timeout", "the write was not committed in time; it may still be"));
    });
    void work.then(resolve, reject).finally(cancel);
  });
}
