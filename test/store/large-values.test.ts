import { afterEach, beforeEach, expect, test } from "vitest";
import { breatherOf } from "../../src/lib/breather.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { openDatabase } from "../../src/lib/system/sqlite.ts";
import { emptyMetric, noUpdates } from "../../src/model/build.ts";
import { evaluationId, jobId } from "../../src/model/ids.ts";
import type { Job, TaskGroup } from "../../src/model/job.ts";
import { decodeCommand, encodeCommand } from "../../src/store/command-codec.ts";
import type { Command, CommandBodies, CommandType } from "../../src/store/commands.ts";
import { openState } from "../../src/store/state-machine.ts";
import type { AnyOutcome, StateDatabase } from "../../src/store/state-machine.ts";
import { createStateReader } from "../../src/store/state-reader.ts";
import { buildPlan, buildRegistration } from "../support/build-commands.ts";
import { buildEvaluation } from "../support/build-evaluation.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";
import { uuid } from "../support/uuid.ts";
import { temporaryFolder } from "../support/store.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

const key = { namespace: "default", id: jobId("shop") };
const groups = (word: string, count = 300): readonly TaskGroup[] =>
  Array.from({ length: count }, (_, n) => buildGroup({ Name: `g${n}`, Meta: { word } }));
const large = (word: string, over: Partial<Job> = {}): Job =>
  buildJob({ TaskGroups: groups(word), ...over });

interface World {
  state: StateDatabase;
  readonly log: Uint8Array[];
  readonly decoded: string[];
  /** Prepares and applies; `isPrepared: false` is a server that does everything while it applies. */
  run<K extends CommandType>(type: K, body: CommandBodies[K]): Promise<AnyOutcome | undefined>;
  replay(log: readonly Uint8Array[], from?: number): Promise<void>;
  reopen(): void;
  job(): Job | undefined;
  /** Pieces in the file, by entry and place. */
  parts(): readonly string[];
}

function world(name: string, options: { readonly isPrepared: boolean }): World {
  const path = `${folder.path}/${name}.db`;
  const decoded: string[] = [];
  const decode = (data: Uint8Array): Command => {
    const command = decodeCommand(data);
    decoded.push(command.type);
    return command;
  };
  const open = (): StateDatabase =>
    openState(path, () => undefined, {
      decode,
      ...(options.isPrepared ? { breather: breatherOf(createSystemClock()) } : {}),
    });
  const own: World = {
    state: open(),
    log: [],
    decoded,
    async run(type, body) {
      const data = encodeCommand({ type, proposedAt: 1000 + own.log.length, body });
      await own.replay([data]);
      return own.log.length === 0 ? undefined : lastOutcome;
    },
    async replay(log) {
      for (const data of log) {
        own.log.push(data);
        const entries = [{ index: own.log.length, term: 1, data }];
        await own.state.machine.prepare?.(entries);
        [lastOutcome] = own.state.machine.apply(entries);
      }
    },
    reopen() {
      own.state.close();
      own.state = open();
    },
    job: () => createStateReader(own.state.tables).job(key),
    parts() {
      const database = openDatabase({
        path,
        synchronous: "normal",
        autoCheckpointPages: 0,
        readOnly: true,
      });
      const rows = database.prepare("SELECT DISTINCT entry, nth FROM parts ORDER BY 1, 2").all();
      database.close();
      return rows.map((row) => `${Number(row["entry"])}/${Number(row["nth"])}`);
    },
  };
  let lastOutcome: AnyOutcome | undefined;
  return own;
}

test("a large job is read back whole, before and after a restart, and a small one has no pieces", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("job.register", buildRegistration(buildJob({ ID: jobId("small") })));
  expect(one.parts()).toEqual([]);
  await one.run("job.register", buildRegistration(large("a")));
  expect(one.parts()).toEqual(["2/0"]);
  expect(one.job()?.TaskGroups).toEqual(groups("a"));
  one.reopen();
  expect(one.job()?.TaskGroups).toEqual(groups("a"));
});

test("getting ready changes nothing: the rows are those of a server that does it all at once", async () => {
  const ready = world("ready", { isPrepared: true });
  await ready.run("job.register", buildRegistration(large("a")));
  await ready.run("job.register", buildRegistration(large("a")));
  await ready.run("job.register", { ...buildRegistration(large("b")), preserveCounts: true });
  await ready.run("job.register", { ...buildRegistration(large("c")), enforceIndex: 99 });
  await ready.run("job.scale", scaling(7));
  await ready.run("job.register", { ...buildRegistration(large("d")), preserveCounts: true });
  await ready.run("plan.apply", failing());
  await ready.run("job.deregister", stopping(false));
  for (const word of ["e", "f", "g", "h", "i"])
    await ready.run("job.register", buildRegistration(large(word)));
  const atOnce = world("at-once", { isPrepared: false });
  await atOnce.replay(ready.log);
  expect(atOnce.state.digest()).toBe(ready.state.digest());
  expect(ready.job()?.TaskGroups[0]?.Count).toBe(1);
  const before = createStateReader(ready.state.tables).jobVersions(key);
  ready.reopen();
  expect(createStateReader(ready.state.tables).jobVersions(key)).toEqual(before);
});

test("the same job again, and one that is refused, leave no pieces", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("job.register", buildRegistration(large("a")));
  expect(await one.run("job.register", buildRegistration(large("a")))).toMatchObject({
    changed: false,
  });
  expect(
    await one.run("job.register", { ...buildRegistration(large("b")), enforceIndex: 99 }),
  ).toMatchObject({ refused: "check-index" });
  expect(one.parts()).toEqual(["1/0"]);
});

test("kept counts and a scaled group make a version with pieces of its own", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("job.register", buildRegistration(large("a")));
  await one.run("job.scale", scaling(7));
  await one.run("job.register", { ...buildRegistration(large("b")), preserveCounts: true });
  expect(one.parts()).toEqual(["1/0", "2/0", "3/0"]);
  one.reopen();
  expect(one.job()?.TaskGroups[5]).toMatchObject({ Count: 7, Meta: { word: "b" } });
});

test("a stopped version shares the pieces of the one before it, and a purge takes all", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("job.register", buildRegistration(large("a")));
  await one.run("job.deregister", stopping(false));
  expect(one.parts()).toEqual(["1/0"]);
  one.reopen();
  expect(one.job()).toMatchObject({ Stop: true, Version: 1, TaskGroups: groups("a") });
  await one.run("job.deregister", stopping(true));
  expect(one.job()).toBeUndefined();
  expect(one.parts()).toEqual([]);
});

test("a large meta has pieces too, which go with their version", async () => {
  const one = world("one", { isPrepared: true });
  const Meta = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key-${n}`, `${n}`]));
  await one.run("job.register", buildRegistration(buildJob({ Meta })));
  await one.run("job.register", buildRegistration(large("a", { Meta })));
  expect(one.parts()).toEqual(["1/0", "2/0", "2/1"]);
  one.reopen();
  expect(one.job()).toMatchObject({ Meta, TaskGroups: groups("a") });
  await one.run("job.deregister", stopping(true));
  expect(one.parts()).toEqual([]);
});

test("a version that falls off the end takes its pieces along", async () => {
  const one = world("one", { isPrepared: true });
  for (const word of ["a", "b", "c", "d", "e", "f", "g", "h"])
    await one.run("job.register", buildRegistration(large(word)));
  expect(one.parts()).toEqual(["3/0", "4/0", "5/0", "6/0", "7/0", "8/0"]);
});

test("after a restart a change reads no version whole but the one it is compared with and the one that goes", async () => {
  const one = world("one", { isPrepared: true });
  for (const word of ["a", "b", "c", "d", "e", "f"])
    await one.run("job.register", buildRegistration(large(word)));
  one.reopen();
  const database = openDatabase({
    path: `${folder.path}/one.db`,
    synchronous: "normal",
    autoCheckpointPages: 0,
  });
  database.prepare("UPDATE parts SET text = 'unread' WHERE entry BETWEEN 2 AND 5").run();
  database.close();
  await one.run("job.register", buildRegistration(large("g")));
  expect(one.job()?.TaskGroups).toEqual(large("g").TaskGroups);
  expect(one.parts()).toEqual(["2/0", "3/0", "4/0", "5/0", "6/0", "7/0"]);
});

test("why thousands of groups found no place is kept in pieces until the evaluation goes", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("plan.apply", failing());
  expect(one.parts()).toEqual(["1/0", "1/1"]);
  one.reopen();
  const { evaluations } = failing();
  expect(createStateReader(one.state.tables).evaluation(evaluationId(uuid(1)))).toMatchObject({
    FailedTGAllocs: evaluations[0]?.FailedTGAllocs,
    PlanAnnotations: evaluations[0]?.PlanAnnotations,
  });
  await one.run("evaluation.upsert", { evaluations });
  expect(one.parts()).toEqual(["2/0", "2/1"]);
  await one.run("garbage.collect", {
    evaluations: [evaluationId(uuid(1))],
    allocations: [],
    deployments: [],
    jobs: [],
    nodes: [],
  });
  expect(one.parts()).toEqual([]);
});

test("what was written ahead before a crash is gone at the next start, and written again with its entry", async () => {
  const one = world("one", { isPrepared: true });
  await one.run("job.register", buildRegistration(large("a")));
  const data = encodeCommand({
    type: "job.register",
    proposedAt: 5,
    body: buildRegistration(large("b")),
  });
  await one.state.machine.prepare?.([{ index: 2, term: 1, data }]);
  expect(one.parts()).toEqual(["1/0", "2/0"]);
  expect(one.job()?.TaskGroups).toEqual(groups("a"));
  one.reopen();
  expect(one.parts()).toEqual(["1/0"]);
  await one.replay([data]);
  expect(one.parts()).toEqual(["1/0", "2/0"]);
  expect(one.job()?.TaskGroups).toEqual(groups("b"));
});

test("two changes of one job in one batch are compared with each other, not with what was there before", async () => {
  const one = world("one", { isPrepared: true });
  const entries = ["a", "b", "b", "a"].map((word, at) => ({
    index: at + 1,
    term: 1,
    data: encodeCommand({
      type: "job.register",
      proposedAt: at,
      body: buildRegistration(large(word)),
    }),
  }));
  await one.state.machine.prepare?.(entries);
  expect(one.state.machine.apply(entries)).toMatchObject([
    { version: 0, changed: true },
    { version: 1, changed: true },
    { version: 1, changed: false },
    { version: 2, changed: true },
  ]);
  expect(one.parts()).toEqual(["1/0", "2/0", "4/0"]);
});

test("an entry is decoded once, prepared or not", async () => {
  for (const isPrepared of [true, false]) {
    const one = world(`decoded-${isPrepared}`, { isPrepared });
    await one.run("job.register", buildRegistration(large("a")));
    await one.run("job.scale", scaling(3));
    expect(one.decoded).toEqual(["job.register", "job.scale"]);
  }
});

const scaling = (count: number): CommandBodies["job.scale"] => ({
  key,
  group: "g5",
  event: {
    Count: count,
    PreviousCount: 0,
    Time: 5,
    Message: "",
    Error: false,
    Meta: null,
    EvalID: null,
    CreateIndex: 0,
  },
  evaluation: null,
  enforceIndex: null,
});

const stopping = (purge: boolean): CommandBodies["job.deregister"] => ({
  key,
  purge,
  submitTime: 9,
  evaluation: null,
  noShutdownDelay: false,
});

const failing = (): CommandBodies["plan.apply"] => ({
  ...buildPlan(),
  evaluations: [
    buildEvaluation(1, buildJob(), {
      FailedTGAllocs: Object.fromEntries(groups("a").map(({ Name }) => [Name, emptyMetric])),
      PlanAnnotations: {
        DesiredTGUpdates: Object.fromEntries(groups("a").map(({ Name }) => [Name, noUpdates])),
      },
    }),
  ],
});
