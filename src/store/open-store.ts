import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { breatherOf } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { openLogStore } from "../raft/log-store.ts";
import type { LogStore } from "../raft/log-store.ts";
import { RaftLoop } from "../raft/loop.ts";
import type { RaftStatus, RaftTuning } from "../raft/loop.ts";
import { verifiedSnapshots } from "../raft/snapshots.ts";
import { noTransport } from "../raft/transport.ts";
import { createChangeFeed } from "./changes.ts";
import { OwnCommands } from "./own-commands.ts";
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
  readonly failpoint?: Failpoint;
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
  // The log notices first and ends the loop, which reports too: one message is enough.
  let isTold = false;
  const onFatal = (error: Error): void => {
    if (!isTold) options.onFatal(error);
    isTold = true;
  };
  const paths = {
    state: join(dataDir, "state.db"),
    snapshots: join(dataDir, "raft", "snapshots"),
  };
  const logStore = await openLogStore(clock, {
    files: {
      logPath: join(dataDir, "raft", "raft.db"),
      markPath: join(dataDir, "log-mark"),
      snapshotFolder: paths.snapshots,
      statePath: paths.state,
    },
    hangMs: options.hangMs ?? defaultHangMs,
    onFatal,
  });
  const changes = createChangeFeed();
  const publish: typeof changes.publish = (batch) => {
    changes.publish(batch);
  };
  const breather = breatherOf(clock);
  const commands = new OwnCommands(breather);
  const open = (): StateDatabase =>
    openState(paths.state, publish, { breather, decode: (data) => commands.decode(data) });
  const state = await openMatchingState(paths, logStore, log, open).catch(async (thrown) => {
    await logStore.close();
    throw thrown;
  });
  const loop = new RaftLoop<AnyOutcome>(clock, random, log, {
    id: serverId,
    peers: [],
    store: logStore,
    stateMachine: state.machine,
    transport: noTransport,
    onFatal,
    ...(options.tuning ? { tuning: options.tuning } : {}),
    ...(options.failpoint ? { failpoint: options.failpoint } : {}),
  });
  await untilLeader(loop);
  return {
    read: createStateReader(state.tables),
    changes,
    write: createWrite(clock, loop, commands),
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

/** The state that the log continues: the one at hand, or the newest snapshot when that one is gone or too old. */
async function openMatchingState(
  paths: { readonly state: string; readonly snapshots: string },
  logStore: LogStore,
  log: Logger,
  open: () => StateDatabase,
): Promise<StateDatabase> {
  const { base, last } = logStore.stored;
  const state = open();
  const applied = state.machine.appliedIndex;
  if (applied >= base.index && applied <= last.index) return state;
  state.close();
  // The log is always on the disk before the state, so a state that is ahead means that entries are missing.
  if (applied > last.index)
    throw damaged(`the state is at entry ${applied}, but the log ends at ${last.index}`);
  for (const snapshot of await verifiedSnapshots(paths.snapshots)) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${paths.state}${suffix}`, { force: true });
    copyFileSync(snapshot, paths.state);
    const restored = open();
    const index = restored.machine.appliedIndex;
    if (index >= base.index && index <= last.index) {
      log.warn({ snapshot, index }, "state restored from a snapshot");
      return restored;
    }
    restored.close();
  }
  throw damaged(`the state is at entry ${applied}, but the log begins at ${base.index + 1}`);
}

const damaged = (what: string): AppError =>
  new AppError("storage", `state and log do not fit: ${what}; restore this server from a snapshot`);

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
