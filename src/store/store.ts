import type { ChangeFeed } from "./changes.ts";
import type { CommandBodies, CommandOutcomes, CommandType } from "./commands.ts";
import type { StateReader } from "./reader.ts";

/** The door that everything outside the room uses: write through the log, read the applied state, be woken. */
export interface Store {
  readonly read: StateReader;
  readonly changes: ChangeFeed;
  /** Resolves after commit and apply on this server. Rejects with AppError `no-leader`, `storage` or `timeout`. */
  write<K extends CommandType>(type: K, body: CommandBodies[K]): Promise<Written<K>>;
  readonly leadership: Leadership;
}
export interface Written<K extends CommandType> {
  readonly index: number;
  readonly outcome: CommandOutcomes[K];
}
export interface Leadership {
  isLeader(): boolean;
  /** The leader's id, or undefined while there is none. */
  leaderId(): string | undefined;
  /** Called at once with the present state and after each change. Returns the unsubscribe function. */
  subscribe(listener: (isLeader: boolean) => void): () => void;
}
