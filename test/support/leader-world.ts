import { assertNever } from "../../src/lib/errors.ts";
import { formatInstant } from "../../src/lib/instant.ts";
import type { Allocation, ClientStatus } from "../../src/model/allocation.ts";
import { newEvaluation } from "../../src/model/build.ts";
import type { EvaluationTrigger } from "../../src/model/evaluation.ts";
import { evaluationId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import type { DesiredUpdates } from "../../src/model/plan.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { Random } from "../../src/lib/random.ts";
import { Heartbeats } from "../../src/reconciler/heartbeats.ts";
import { InProcessSource } from "../../src/reconciler/in-process-source.ts";
import { startLeaderLoops } from "../../src/reconciler/leader-loops.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryStore } from "./memory-store.ts";
import { seededRandom } from "./seeded-random.ts";
import { buildNode } from "./build-node.ts";

/** A leader with all its loops over a fake store, and nodes whose tasks do what the test says. */
export interface LeaderWorld {
  readonly clock: FakeClock;
  readonly random: Random;
  readonly store: MemoryStore;
  readonly source: InProcessSource;
  readonly heartbeats: Heartbeats;
  /**
   * What a task does on its node; `run` by default. One that is `unprepared` fails before it starts, and its node keeps
   * the one whose place it was to have.
   */
  behave: (allocation: Allocation) => "run" | "fail" | "finish" | "wait" | "unprepared";
  /** Nodes that send no heartbeats. */
  readonly silent: Set<string>;
  register(job: Job): Promise<void>;
  evaluate(job: Job, trigger: EvaluationTrigger): Promise<void>;
  /** One round: every node reports what became of its allocations, then time goes on. */
  clients(ms?: number): Promise<void>;
  live(): string[];
  /** Trigger, status and counts above zero of each evaluation, in order. */
  history(): string[];
  stop(): Promise<void>;
}

export async function startLeaderWorld(nodes = 1, over: Partial<Node> = {}): Promise<LeaderWorld> {
  const clock = new FakeClock();
  const random = seededRandom(7);
  const store = new MemoryStore(clock);
  const heartbeats = new Heartbeats(clock);
  const deps = { clock, random, log: silentLogger, store, heartbeats, search: () => undefined };
  const source = new InProcessSource(deps);
  const loops = startLeaderLoops(deps);
  for (let at = 1; at <= nodes; at++) await source.registerNode(buildNode(`node-${at}`, over));
  await clock.advance(1);
  const evaluate = async (job: Job, trigger: EvaluationTrigger): Promise<void> => {
    await store.write("evaluation.upsert", {
      evaluations: [
        newEvaluation({ id: evaluationId(random.uuid()), job, trigger, nowNs: clock.nowNs() }),
      ],
    });
    await clock.advance(10);
  };
  const world: LeaderWorld = {
    clock,
    random,
    store,
    source,
    heartbeats,
    behave: () => "run",
    silent: new Set<string>(),
    evaluate,
    async register(job) {
      await store.write("job.register", {
        job,
        submission: null,
        enforceIndex: null,
        preserveCounts: false,
        evaluation: newEvaluation({
          id: evaluationId(random.uuid()),
          job,
          trigger: "job-register",
          nowNs: clock.nowNs(),
        }),
      });
      await clock.advance(10);
    },
    async clients(ms = 1_200) {
      const reports = Array.from(store.allocations.values(), (allocation) =>
        world.silent.has(allocation.NodeID) ? undefined : reportOf(world, allocation),
      );
      await Promise.all([...reports, clock.advance(60)]);
      for (const node of store.nodes.keys())
        if (!world.silent.has(node)) heartbeats.beat(nodeId(node));
      await clock.advance(ms);
    },
    live: () =>
      [...store.allocations.values()]
        .filter((a) => a.DesiredStatus === "run" && !["failed", "lost"].includes(a.ClientStatus))
        .map((a) => `${a.Name} v${a.JobVersion}`)
        .toSorted(),
    history: () =>
      [...store.evaluations.values()].map((e) => {
        const groups = Object.values(e.PlanAnnotations?.DesiredTGUpdates ?? {});
        return [e.TriggeredBy, e.Status, ...groups.map(shown)].join(" ");
      }),
    async stop() {
      await source.stop();
      await loops.stop();
      store.close();
    },
  };
  return world;
}

const shown = (updates: DesiredUpdates): string =>
  Object.entries(updates)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}=${count}`)
    .join(",");

function statusOf(world: LeaderWorld, allocation: Allocation): ClientStatus | undefined {
  if (allocation.ClientStatus === "failed" || allocation.ClientStatus === "lost") return undefined;
  if (allocation.ClientStatus === "complete") return undefined;
  if (allocation.DesiredStatus !== "run") return isKept(world, allocation) ? undefined : "complete";
  const behaviour = world.behave(allocation);
  switch (behaviour) {
    case "run":
      return "running";
    case "fail":
    case "unprepared":
      return "failed";
    case "finish":
      return "complete";
    case "wait":
      return undefined;
    default:
      return assertNever(behaviour);
  }
}

/** Nodes keep one while nothing that came after it has started, and the last that is wanted cannot. */
function isKept(world: LeaderWorld, kept: Allocation): boolean {
  for (let id = kept.NextAllocation; id !== null;) {
    const next = world.store.allocations.get(id);
    if (!next || next.NodeID !== kept.NodeID || isStarted(next)) return false;
    if (next.DesiredStatus === "run") return ["unprepared", "wait"].includes(world.behave(next));
    id = next.NextAllocation;
  }
  return false;
}

const isStarting = (world: LeaderWorld, allocation: Allocation): boolean =>
  allocation.DesiredStatus === "run" && !["unprepared", "wait"].includes(world.behave(allocation));

const isStarted = (allocation: Allocation): boolean =>
  Object.values(allocation.TaskStates ?? {}).some(({ StartedAt }) => StartedAt !== null);

async function reportOf(world: LeaderWorld, allocation: Allocation): Promise<void> {
  const clientStatus = statusOf(world, allocation);
  if (clientStatus === undefined) return;
  const at = formatInstant(world.clock.nowNs());
  const isWatched = allocation.DeploymentID !== null && allocation.DesiredStatus === "run";
  const isKnown = typeof allocation.DeploymentStatus?.Healthy === "boolean";
  const health =
    isWatched && !isKnown && clientStatus !== "complete"
      ? { healthy: clientStatus === "running", at }
      : null;
  if (clientStatus === allocation.ClientStatus && health === null) return;
  const isOver = clientStatus === "failed" || clientStatus === "complete";
  await world.source.report(allocation.NodeID, [
    {
      id: allocation.ID,
      clientStatus,
      clientDescription: "",
      taskStates: {
        main: {
          State: isOver ? "dead" : "running",
          Failed: clientStatus === "failed",
          Restarts: 0,
          LastRestart: null,
          StartedAt:
            allocation.TaskStates?.["main"]?.StartedAt ??
            (isStarting(world, allocation) ? at : null),
          FinishedAt: isOver ? at : null,
          Events:
            allocation.DesiredStatus === "run"
              ? []
              : [{ Type: "Killed", Time: 1, Message: "", Details: {} }],
        },
      },
      networkStatus: null,
      health,
    },
  ]);
}
