/**
 * Whole-leader properties, checked after every applied command:
 * S1 no node over its capacity; S2 no port, no whole core and no device twice; S3 it settles at the count and then changes nothing;
 * S5 a rolling update keeps count - max_parallel healthy; S10 a name lives once.
 */
import { formatInstant } from "../../src/lib/instant.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasNeverStarted } from "../../src/model/allocation.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import { errorText } from "../../src/lib/errors.ts";
import { newEvaluation } from "../../src/model/build.ts";
import { evaluationId, jobId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import { devicesOf } from "../../src/reconciler/core/scheduler/devices.ts";
import { coresOf } from "../../src/reconciler/core/scheduler/usage.ts";
import { nodeEvaluations } from "../../src/reconciler/node-evaluations.ts";
import { buildGpus, buildRequest } from "../support/build-device.ts";
import { buildNode } from "../support/build-node.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import {
  buildGroup,
  buildJob,
  buildNetwork,
  buildPort,
  buildResources,
  buildTask,
  buildUpdate,
} from "../support/build-job.ts";

type Fault = "fail" | "unprepared" | "wait";
type Step =
  | {
      readonly kind: "register";
      readonly job: number;
      readonly count: number;
      readonly release: number;
      readonly memory: number;
      readonly hasPort: boolean;
      readonly cores: number;
      readonly gpus: number;
      readonly canary: boolean;
      readonly reschedules: boolean;
    }
  | { readonly kind: "clients" }
  | { readonly kind: "silence"; readonly node: number }
  | { readonly kind: "wake"; readonly node: number }
  | { readonly kind: "lead" }
  | { readonly kind: "break"; readonly job: number; readonly how: Fault | "none" }
  | { readonly kind: "stop"; readonly job: number }
  | { readonly kind: "drain"; readonly node: number };

const register = fc.record({
  kind: fc.constant("register" as const),
  job: fc.integer({ min: 0, max: 3 }),
  count: fc.integer({ min: 0, max: 4 }),
  release: fc.integer({ min: 0, max: 2 }),
  memory: fc.constantFrom(100, 900, 1500),
  hasPort: fc.boolean(),
  cores: fc.constantFrom(0, 0, 0, 1, 2),
  gpus: fc.constantFrom(0, 0, 0, 1, 2),
  canary: fc.boolean(),
  reschedules: fc.boolean(),
});
const job = fc.integer({ min: 0, max: 3 });
const node = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: register },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("clients" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("silence" as const), node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wake" as const), node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lead" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("break" as const),
      job,
      how: fc.constantFrom("none", "fail", "unprepared", "wait"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop" as const), job }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drain" as const), node }) },
);

const types = ["service", "service", "batch", "system"] as const;
const typeOf = (at: number): Job["Type"] => types[at] ?? "service";
const jobFor = (wanted: Extract<Step, { kind: "register" }>): Job =>
  buildJob({
    ID: jobId(`job-${wanted.job}`),
    Type: typeOf(wanted.job),
    TaskGroups: [
      buildGroup({
        Count: wanted.count,
        ReschedulePolicy:
          wanted.reschedules && typeOf(wanted.job) !== "system"
            ? {
                Attempts: 0,
                Interval: 0,
                Delay: 2e9,
                DelayFunction: "constant",
                MaxDelay: 60e9,
                Unlimited: true,
              }
            : null,
        Update:
          typeOf(wanted.job) === "batch"
            ? null
            : buildUpdate({
                MaxParallel: 2,
                AutoRevert: wanted.release === 1,
                Canary: wanted.canary && typeOf(wanted.job) === "service" ? 1 : 0,
                AutoPromote: wanted.canary && typeOf(wanted.job) === "service",
              }),
        Networks: wanted.hasPort
          ? [
              buildNetwork({
                ReservedPorts: [buildPort({ Label: "door", Value: 8080, HostNetwork: "" })],
                DynamicPorts: [buildPort({ Label: "peer", HostNetwork: "" })],
              }),
            ]
          : null,
        Tasks: [
          buildTask({
            Env: { RELEASE: String(wanted.release) },
            Resources: buildResources({
              MemoryMB: wanted.memory,
              ...(wanted.cores > 0 ? { CPU: 0, Cores: wanted.cores } : {}),
              Devices: wanted.gpus > 0 ? [buildRequest({ Count: wanted.gpus })] : null,
            }),
          }),
        ],
      }),
    ],
  });

/** The loops would only log what a check throws, so it is collected. */
function watchFor(world: LeaderWorld, check: () => void): string[] {
  const faults: string[] = [];
  world.store.afterWrite = (type) => {
    try {
      check();
    } catch (thrown) {
      faults.push(`after ${type}: ${errorText(thrown)}`);
    }
  };
  return faults;
}

const isHeld = (a: Allocation): boolean => !["complete", "failed", "lost"].includes(a.ClientStatus);
const memoryOf = (a: Allocation): number =>
  Object.values(a.AllocatedResources.Tasks).reduce((sum, t) => sum + t.Memory.MemoryMB, 0);

function checkNodes(world: LeaderWorld): void {
  const allocations = [...world.store.allocations.values()];
  const held = allocations.filter(isHeld);
  for (const id of world.store.nodes.keys()) {
    const here = held.filter((a) => a.NodeID === id);
    // A stopping one and those after it never run together: the largest of them counts.
    const heirsOf = (a: Allocation): Allocation[] => {
      if (a.DesiredStatus === "run" && isHeld(a)) return [];
      return allocations
        .filter((b) => b.PreviousAllocation === a.ID && b.NodeID === id)
        .filter((b) => isHeld(b) || hasNeverStarted(b))
        .flatMap((b) => [...(isHeld(b) ? [b] : []), ...heirsOf(b)]);
    };
    const memory = here.reduce(
      (sum, a) => sum + Math.max(0, memoryOf(a) - Math.max(0, ...heirsOf(a).map(memoryOf))),
      0,
    );
    expect(memory, `memory of ${id}`).toBeLessThanOrEqual(4096);
    const things = here
      .filter((a) => heirsOf(a).length === 0)
      .flatMap((a) => [
        ...(a.AllocatedResources.Shared.Ports ?? []).map((p) => `${p.HostIP}:${p.Value}`),
        ...coresOf(a.AllocatedResources).map((core) => `core ${core}`),
        ...devicesOf(a.AllocatedResources),
      ]);
    expect(new Set(things).size, `held on ${id}: ${things.join(" ")}`).toBe(things.length);
    expect(things.filter((thing) => thing.includes("!"))).toEqual([]);
  }
}

function checkNames(world: LeaderWorld): void {
  const names = [...world.store.allocations.values()]
    .filter((a) => a.DesiredStatus === "run" && isHeld(a))
    .filter((a) => a.DeploymentStatus?.Canary !== true && !isPromotedTwin(world, a))
    .map((a) =>
      world.store.jobs.get(`default\n${a.JobID}`)?.[0]?.Type === "system"
        ? `${a.Name} ${a.NodeID}`
        : a.Name,
    );
  expect(new Set(names).size, names.toSorted().join(" ")).toBe(names.length);
}

/** A promoted canary and the old one of its name live together until the next evaluation. */
const isPromotedTwin = (world: LeaderWorld, a: Allocation): boolean =>
  [...world.store.deployments.values()].some((d) =>
    Object.values(d.TaskGroups).some((g) => g.PlacedCanaries?.includes(a.ID)),
  );

async function stopJob(world: LeaderWorld, id: ReturnType<typeof jobId>): Promise<void> {
  const job = world.store.jobs.get(`default\n${id}`)?.[0];
  if (!job || job.Stop) return;
  await world.store.write("job.deregister", {
    key: { namespace: "default", id },
    purge: false,
    submitTime: 0,
    noShutdownDelay: false,
    evaluation: newEvaluation({
      id: evaluationId(world.random.uuid()),
      job,
      trigger: "job-deregister",
      nowNs: world.clock.nowNs(),
    }),
  });
  await world.clock.advance(10);
}

async function play(world: LeaderWorld, broken: Map<string, Fault>, todo: Step): Promise<void> {
  switch (todo.kind) {
    case "register":
      return world.register(jobFor(todo));
    case "clients":
      return world.clients();
    case "silence":
      world.silent.add(`node-${todo.node}`);
      return undefined;
    case "wake":
      world.silent.delete(`node-${todo.node}`);
      return undefined;
    case "break":
      if (todo.how === "none") broken.delete(`job-${todo.job}`);
      else broken.set(`job-${todo.job}`, todo.how);
      return undefined;
    case "stop":
      return stopJob(world, jobId(`job-${todo.job}`));
    case "drain":
      await world.store.write("node.drain", {
        nodeId: nodeId(`node-${todo.node}`),
        strategy: {
          Deadline: 9e9,
          IgnoreSystemJobs: false,
          ForceDeadline: formatInstant(world.clock.nowNs() + 9e9),
          StartedAt: null,
        },
        markEligible: false,
        at: "",
        meta: null,
        event: null,
        evaluations: [],
      });
      return world.clock.advance(10);
    case "lead":
      world.store.setLeader(false);
      await world.clock.advance(1);
      world.store.setLeader(true);
      return world.clock.advance(10);
  }
}

test("whatever is registered, whoever falls silent: no node is overfull, no port, core, device and name is given twice, and it settles", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const { NodeResources } = buildNode();
      const Devices = [buildGpus("K80", ["a", "b!"]), buildGpus("A100", ["x", "y"])];
      const world = await startLeaderWorld(3, { NodeResources: { ...NodeResources, Devices } });
      const faults = watchFor(world, () => {
        checkNodes(world);
        checkNames(world);
      });
      const broken = new Map<string, Fault>();
      world.behave = (a) => broken.get(a.JobID) ?? "run";
      for (const todo of steps) await play(world, broken, todo);
      broken.clear();
      world.silent.clear();
      for (let round = 0; round < 20; round++) await world.clients();
      for (const id of world.store.nodes.keys()) await open(world, nodeId(id));
      for (let round = 0; round < 40; round++) await world.clients();
      const before = settled(world);
      for (const versions of world.store.jobs.values())
        if (versions[0]) await world.evaluate(versions[0], "job-register");
      await world.clients();
      expect(settled(world)).toEqual(before);
      for (const versions of world.store.jobs.values()) expectCount(world, versions[0]);
      await world.stop();
      expect(faults).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

/** An ineligible node that becomes eligible again is news for system jobs. */
async function open(world: LeaderWorld, id: ReturnType<typeof nodeId>): Promise<void> {
  const deps = { read: world.store.read, random: world.random };
  await world.store.write("node.eligibility", {
    nodeId: id,
    eligibility: "eligible",
    event: null,
    evaluations: nodeEvaluations(
      deps,
      { ID: id, ModifyIndex: 1 },
      "node-update",
      world.clock.nowNs(),
    ),
  });
}

const settled = (world: LeaderWorld): string[] =>
  [...world.store.allocations.values()].map((a) => `${a.ID} ${a.DesiredStatus} v${a.JobVersion}`);

/** Exactly the count, or fewer with an evaluation that waits for room. */
function expectCount(world: LeaderWorld, job: Job | undefined): void {
  if (!job) return;
  const live = [...world.store.allocations.values()].filter(
    (a) => a.JobID === job.ID && a.DesiredStatus === "run" && isHeld(a),
  );
  const count = job.TaskGroups[0]?.Count ?? 0;
  const perNode = job.Type === "system" && count > 0 ? world.store.nodes.size : count;
  const gaveUp = [...world.store.allocations.values()].filter(
    (a) =>
      a.JobID === job.ID &&
      a.DesiredStatus === "run" &&
      a.ClientStatus === "failed" &&
      a.NextAllocation === null,
  ).length;
  const wanted = job.Stop ? 0 : perNode;
  const waits = [...world.store.evaluations.values()].some(
    (e) => e.JobID === job.ID && e.Status === "blocked",
  );
  const newest = [...world.store.deployments.values()].findLast((d) => d.JobID === job.ID);
  if (gaveUp > 0 && !job.Stop) expect(live.length).toBeLessThanOrEqual(wanted + 1);
  else if (waits || newest?.Status === "failed")
    expect(live.length).toBeLessThanOrEqual(wanted + 1);
  else expect(live.length, job.ID).toBe(wanted);
}

test("a rolling update keeps count - max_parallel healthy, whatever the numbers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
      async (count, maxParallel, pauses) => {
        const world = await startLeaderWorld(2);
        const job = (release: string): Job =>
          buildJob({
            TaskGroups: [
              buildGroup({
                Count: count,
                Update: buildUpdate({ MaxParallel: maxParallel }),
                Tasks: [buildTask({ Env: { RELEASE: release } })],
              }),
            ],
          });
        await world.register(job("first"));
        for (let round = 0; round < 4; round++) await world.clients();
        const faults = watchFor(world, () => {
          const healthy = [...world.store.allocations.values()].filter(
            (a) => a.DesiredStatus === "run" && a.DeploymentStatus?.Healthy === true,
          );
          expect(healthy.length).toBeGreaterThanOrEqual(count - maxParallel);
        });
        for (const [at, rounds] of [...pauses, 40].entries()) {
          await world.register(job(`release ${at}`));
          for (let round = 0; round < rounds; round++) await world.clients();
        }
        expect(world.live()).toEqual(
          Array.from(
            { length: count },
            (_, at) => `shop.web[${at}] v${pauses.length + 1}`,
          ).toSorted(),
        );
        await world.stop();
        expect(faults).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});
