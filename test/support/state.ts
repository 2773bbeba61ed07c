import { openState } from "../../src/store/state-machine.ts";
import { encodeCommand } from "../../src/store/command-codec.ts";
import { createStateReader } from "../../src/store/state-reader.ts";
import type { ChangeBatch } from "../../src/store/changes.ts";
import type { CommandBodies, CommandOutcomes, CommandType } from "../../src/store/commands.ts";
import type { StateReader } from "../../src/store/reader.ts";
import type { Entry } from "../../src/raft/state-machine.ts";

/** The applied state alone, in memory, without log or threads. Time passes one second a command. */
export interface TestState {
  readonly read: StateReader;
  readonly batches: ChangeBatch[];
  readonly entries: Entry[];
  apply<K extends CommandType>(type: K, body: CommandBodies[K]): CommandOutcomes[K];
  applyEntries(entries: readonly Entry[]): void;
  digest(): string;
  /** The index of the last command. */
  index(): number;
  /** `at` of the next command, in Unix nanoseconds. */
  nextAtNs(): number;
}

const startNs = 1_700_000_000e9;

export function createTestState(): TestState {
  const batches: ChangeBatch[] = [];
  const entries: Entry[] = [];
  const state = openState(":memory:", (batch) => batches.push(batch));
  // Real logs begin with the entry of the first leader.
  state.machine.apply([{ index: 1, term: 1, data: new Uint8Array(0) }]);
  let index = 1;
  const nextAtNs = (): number => startNs + (index + 1) * 1e9;
  return {
    read: createStateReader(state.tables),
    batches,
    entries,
    index: () => index,
    digest: () => state.digest(),
    nextAtNs,
    apply: (type, body) => {
      const data = encodeCommand({ type, proposedAt: nextAtNs(), body });
      index += 1;
      const entry = { index, term: 1, data };
      entries.push(entry);
      return state.machine.apply([entry])[0] as never;
    },
    applyEntries: (replayed) => {
      state.machine.apply(replayed);
      index = replayed.at(-1)?.index ?? index;
    },
  };
}
