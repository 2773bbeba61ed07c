import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { RaftCore } from "../../../src/raft/core/raft-core.ts";
import { TermLog } from "../../../src/raft/core/term-log.ts";
import type { Entry, HardState, Message, PeerId } from "../../../src/raft/core/types.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** One server with its disk. `crash` forgets everything that was not written, as a power cut would. */
class Server {
  readonly id: PeerId;
  readonly #peers: readonly PeerId[];
  #seed: number;
  #disk: { hardState: HardState; entries: Entry[] } = {
    hardState: { term: 0, vote: null },
    entries: [],
  };
  core: RaftCore;
  applied: Entry[] = [];

  constructor(id: PeerId, all: readonly PeerId[], seed: number) {
    this.id = id;
    this.#peers = all.filter((peer) => peer !== id);
    this.#seed = seed;
    this.core = this.#start();
  }

  get entries(): readonly Entry[] {
    return this.#disk.entries;
  }

  /** Does what the core asks for and returns the messages to deliver. */
  work(): Message[] {
    const sent: Message[] = [];
    for (let ready = this.core.takeReady(); ready; ready = this.core.takeReady()) {
      const { hardState, truncateFrom, entries } = ready;
      const kept = this.#disk.entries.filter((entry) => entry.index < (truncateFrom ?? Infinity));
      this.#disk = {
        hardState: hardState ?? this.#disk.hardState,
        entries: [...kept, ...entries],
      };
      for (const message of ready.messages) {
        if (message.kind !== "append-order") sent.push(message);
        else {
          const { range, kind: _, ...rest } = message;
          const carried = this.#disk.entries.filter(
            (entry) => range && entry.index >= range.from && entry.index <= range.to,
          );
          sent.push({ ...rest, kind: "append-request", entries: carried });
        }
      }
      const { committed } = ready;
      if (committed)
        this.applied.push(
          ...this.#disk.entries.filter(
            (entry) => entry.index >= committed.from && entry.index <= committed.to,
          ),
        );
      const newest = entries.at(-1);
      if (newest) this.core.persisted(newest);
    }
    return sent;
  }

  crash(): void {
    this.#seed += 1000;
    this.applied = [];
    this.core = this.#start();
  }

  #start(): RaftCore {
    const log = new TermLog({ index: 0, term: 0 }, [], 0);
    for (const entry of this.#disk.entries) log.append(entry);
    return new RaftCore(seededRandom(this.#seed), {
      id: this.id,
      peers: this.#peers,
      hardState: this.#disk.hardState,
      log,
      applied: 0,
      electionTicks: 10,
      heartbeatTicks: 2,
      maxEntriesPerMessage: 3,
    });
  }
}

const text = (entry: Entry): string => Buffer.from(entry.data).toString();
const bytes = (value: string): Uint8Array => Buffer.from(value);

describe("a server alone", () => {
  test("elects itself, and hands an entry out only after it is on the disk", () => {
    const core = new RaftCore(seededRandom(1), {
      id: "a",
      peers: [],
      hardState: { term: 4, vote: "b" },
      log: new TermLog({ index: 0, term: 0 }, [], 0),
      applied: 0,
      electionTicks: 10,
      heartbeatTicks: 1,
      maxEntriesPerMessage: 10,
    });
    expect(core.propose([bytes("early")])).toBeUndefined();
    core.campaign();
    expect(core.propose([bytes("x")])).toEqual([{ index: 2, term: 5 }]);
    const first = core.takeReady();
    expect(first).toMatchObject({
      hardState: { term: 5, vote: "a" },
      entries: [{ index: 1 }, { index: 2 }],
      committed: undefined,
    });
    expect(core.takeReady()).toBeUndefined();
    core.persisted({ index: 1, term: 5 });
    expect(core.takeReady()?.committed).toEqual({ from: 1, to: 1 });
    core.persisted({ index: 2, term: 5 });
    expect(core.takeReady()?.committed).toEqual({ from: 2, to: 2 });
    expect(core.takeReady()).toBeUndefined();
  });
});

describe("votes", () => {
  const voter = (entries: readonly number[] = []): RaftCore => {
    const log = new TermLog({ index: 0, term: 0 }, [], 0);
    for (const [at, term] of entries.entries()) log.append({ index: at + 1, term });
    return new RaftCore(seededRandom(1), {
      id: "a",
      peers: ["b", "c"],
      hardState: { term: 3, vote: null },
      log,
      applied: 0,
      electionTicks: 10,
      heartbeatTicks: 1,
      maxEntriesPerMessage: 10,
    });
  };
  const request = (from: PeerId, term: number, last = { index: 9, term: 3 }): Message => ({
    kind: "vote-request",
    from,
    to: "a",
    term,
    last,
  });
  const answers = (core: RaftCore): (boolean | undefined)[] =>
    (core.takeReady()?.messages ?? []).map((message) =>
      message.kind === "vote-reply" ? message.granted : undefined,
    );

  test("one per term, the same candidate may ask again", () => {
    const core = voter();
    core.step(request("b", 4));
    core.step(request("c", 4));
    core.step(request("b", 4));
    core.step(request("c", 5));
    expect(answers(core)).toEqual([true, false, true, true]);
  });

  test("the vote is in the same batch as the answer that rests on it", () => {
    const core = voter();
    core.step(request("b", 4));
    expect(core.takeReady()).toMatchObject({
      hardState: { term: 4, vote: "b" },
      messages: [{ kind: "vote-reply", granted: true }],
    });
  });

  test("none for a candidate whose log lacks something, none for an old term", () => {
    const core = voter([1, 3, 3]);
    core.step(request("b", 4, { index: 9, term: 2 }));
    core.step(request("b", 5, { index: 2, term: 3 }));
    core.step(request("b", 2));
    expect(answers(core)).toEqual([false, false, false]);
    core.step(request("b", 6, { index: 3, term: 3 }));
    expect(answers(core)).toEqual([true]);
  });
});

describe("committing", () => {
  /** The leader of three in term 5, whose log already has an entry of term 2 that is on its disk. */
  const lead = (): RaftCore => {
    const log = new TermLog({ index: 0, term: 0 }, [], 0);
    log.append({ index: 1, term: 2 });
    const core = new RaftCore(seededRandom(1), {
      id: "a",
      peers: ["b", "c"],
      hardState: { term: 4, vote: null },
      log,
      applied: 0,
      electionTicks: 10,
      heartbeatTicks: 1,
      maxEntriesPerMessage: 10,
    });
    core.campaign();
    core.step({ kind: "vote-reply", from: "b", to: "a", term: 5, granted: true });
    core.takeReady();
    return core;
  };
  const confirm = (core: RaftCore, index: number): void => {
    core.step({ kind: "append-reply", from: "b", to: "a", term: 5, accepted: true, index });
  };

  test("an entry of an older term is committed only together with one of the leader's own", () => {
    const core = lead();
    confirm(core, 1);
    expect(core.commit).toBe(0);
    core.persisted({ index: 2, term: 5 });
    confirm(core, 2);
    expect(core.commit).toBe(2);
    expect(core.takeReady()?.committed).toEqual({ from: 1, to: 2 });
  });

  test("a leader does not count itself for what it has not written yet", () => {
    const core = lead();
    confirm(core, 2);
    expect(core.commit).toBe(0);
    core.persisted({ index: 2, term: 5 });
    expect(core.commit).toBe(2);
  });

  test("a late confirmation of a former term counts for nothing", () => {
    const core = lead();
    core.persisted({ index: 2, term: 5 });
    core.step({ kind: "append-reply", from: "b", to: "a", term: 3, accepted: true, index: 2 });
    expect(core.commit).toBe(0);
  });

  test("a follower commits no further than what it has compared", () => {
    const log = new TermLog({ index: 0, term: 0 }, [], 0);
    for (const term of [1, 1, 2]) log.append({ index: log.lastIndex + 1, term });
    const core = new RaftCore(seededRandom(1), {
      id: "a",
      peers: ["b", "c"],
      hardState: { term: 2, vote: null },
      log,
      applied: 0,
      electionTicks: 10,
      heartbeatTicks: 1,
      maxEntriesPerMessage: 10,
    });
    const previous = { index: 2, term: 1 };
    const envelope = { from: "b", to: "a", term: 3 };
    core.step({ kind: "append-request", ...envelope, previous, entries: [], commit: 3 });
    expect(core.commit).toBe(2);
  });
});

test("a leader that no majority answers steps down", () => {
  const servers = ["a", "b", "c"].map((id, at) => new Server(id, ["a", "b", "c"], at));
  const [leader] = servers;
  leader?.core.campaign();
  for (let round = 0; round < 5; round++)
    deliver(
      servers,
      servers.flatMap((server) => server.work()),
    );
  expect(leader?.core.role).toBe("leader");
  for (let tick = 0; tick < 25; tick++) {
    leader?.core.tick();
    leader?.work();
    if (leader?.core.role !== "leader") break;
  }
  expect(leader?.core.role).not.toBe("leader");
  expect(leader?.core.propose([bytes("late")])).toBeUndefined();
});

test("whatever is lost, doubled, reordered or crashed: one leader a term, equal logs, nothing committed is lost", () => {
  assert(
    property(integer({ min: 1, max: 1e9 }), (seed) => {
      runChaos(seed);
    }),
    { numRuns: 40 },
  );
});

function deliver(servers: readonly Server[], messages: readonly Message[]): void {
  for (const message of messages)
    servers.find((server) => server.id === message.to)?.core.step(message);
}

function runChaos(seed: number): void {
  const random = seededRandom(seed);
  const ids = ["a", "b", "c"];
  const servers = ids.map((id, at) => new Server(id, ids, seed + at));
  const leaders = new Map<number, PeerId>();
  const committed: string[] = [];
  let network: Message[] = [];
  let nextValue = 0;

  const check = (server: Server): void => {
    const { core } = server;
    if (core.role === "leader") {
      expect(leaders.get(core.term) ?? server.id).toBe(server.id);
      leaders.set(core.term, server.id);
    }
    for (const [at, entry] of server.applied.entries()) {
      const value = `${entry.term}:${text(entry)}`;
      // Comparing by hand: half a million matchers would take most of the test's time.
      if ((committed[at] ??= value) !== value) expect(committed[at]).toBe(value);
    }
  };
  const step = (isCalm: boolean): void => {
    for (const server of servers) {
      if (isCalm || random.fraction() < 0.7) server.core.tick();
      if (!isCalm && random.fraction() < 0.01) server.crash();
      if (random.fraction() < 0.3) server.core.propose([bytes(`v${nextValue++}`)]);
      network.push(...server.work());
      check(server);
    }
    const arriving = network.filter(() => isCalm || random.fraction() < 0.6);
    network = isCalm
      ? []
      : network.filter((message) => !arriving.includes(message) && random.fraction() < 0.9);
    if (!isCalm) arriving.sort(() => random.fraction() - 0.5);
    for (const message of arriving) {
      deliver(servers, [message]);
      if (!isCalm && random.fraction() < 0.1) network.push(message);
    }
    for (const server of servers) {
      network.push(...server.work());
      check(server);
    }
  };
  for (let round = 0; round < 150; round++) step(false);
  const before = committed.length;
  for (let round = 0; round < 120; round++) step(true);
  expect(committed.length).toBeGreaterThan(before);
  const [longest, ...others] = servers
    .map((server) => server.entries.map((entry) => `${entry.term}:${text(entry)}`))
    .sort((x, y) => y.length - x.length);
  for (const other of others)
    expect(longest?.slice(0, other.length - 3)).toEqual(other.slice(0, -3));
}
