import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { openLogStore } from "../raft/log-store.ts";
import type { LogStore } from "../raft/log-store.ts";
import { RaftLoop } from "../raft/loop.ts";
import type { RaftStatus, RaftTuning } from "../raft/loop.ts";
import { noTransport } from "../raft/transport.ts";
import { createChangeFeed } from "./changes.ts";
import { createWrite } from "./replica.ts";
import { openState } from "./state-machine.ts";
import type { AnyOutcome, StateDatabase } from "./state-machine.ts";
import { createStateReader } from "./state-reader.ts";
import type { Store } from "./store.ts";

export interface OpenStoreOptions {
  /** The server's folder; holds `raft/raft.db` and `state.db`. */
  readonly dataDir: string;
  readonly serverId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** A storage error or a hung disk. Whoever gets it ends the process: nothing is acknowledged any more. */
  readonly onFatal: (error: Error) => void;
  /** A storage request that takes longer counts as hung; 10 s unless told. */
  readonly hangMs?: number;
  readonly tuning?: Partial<RaftTuning>;
}
export interface OpenedStore extends Store {
  close(): Promise<void>;
  raftStatus(): RaftStatus;
}

const defaultHangMs = 10_000;

/** Resolves when this server leads and has applied everything that it once acknowledged. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { dataDir, clock, random, log, serverId } = options;
  mkdirSync(dataDir, { recursive: true });
  const statePath = join(dataDir, "state.db");
  const logStore = await openLogStore(clock, {
    files: {
      logPath: join(dataDir, "raft", "raft.db"),
      markPath: join(dataDir, "log-mark"),
      snapshotFolder: join(dataDir, "raft", "snapshots"),
      statePath,
    },
    hangMs: options.hangMs ?? defaultHangMs,
    onFatal: options.onFatal,
  });
  const changes = createChangeFeed();
  const state = await openMatchingState(statePath, logStore, (batch) => {
    changes.publish(batch);
  });
  const loop = new RaftLoop<AnyOutcome>(clock, random, log, {
    id: serverId,
    peers: [],
    store: logStore,
    stateMachine: state.machine,
    transport: noTransport,
    onFatal: options.onFatal,
    ...(options.tuning ? { tuning: options.tuning } : {}),
  });
  await untilLeader(loop);
  return {
    read: createStateReader(state.tables),
    changes,
    write: createWrite(clock, loop),
    leadership: {
      isLeader: () => loop.isLeader(),
      leaderId: () => loop.status().leader,
      subscribe: (listener) => loop.subscribe(listener),
    },
    raftStatus: () => loop.status(),
    close: async () => {
      await loop.stop();
      await logStore.close();
      state.close();
    },
  };
}

/** The log is always on the disk before the state, and reaches back to it; otherwise one of them is damaged. */
async function openMatchingState(
  path: string,
  logStore: LogStore,
  publish: Parameters<typeof openState>[1],
): Promise<StateDatabase> {
  const { base, last } = logStore.stored;
  try {
    const state = openState(path, publish);
    const applied = state.machine.appliedIndex;
    if (applied <= last.index && applied >= base.index) return state;
    state.close();
    throw new AppError(
      "storage",
      `the state is at entry ${applied}, but the log has ${base.index + 1} to ${last.index}: one of them is damaged`,
    );
  } catch (thrown) {
    await logStore.close();
    throw thrown;
  }
}

function untilLeader(loop: RaftLoop<AnyOutcome>): Promise<void> {
  return new Promise((resolve, reject) => {
    let unsubscribe: (() => void) | undefined;
    loop.whenEnded(reject);
    unsubscribe = loop.subscribe((isLeader) => {
      if (!isLeader) return;
      resolve();
      queueMicrotask(() => unsubscribe?.());
    });
  });
}
