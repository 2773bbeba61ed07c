import type { ClientStatus } from "../../src/model/allocation.ts";
import { jobId } from "../../src/model/ids.ts";
import type { AllocationId } from "../../src/model/ids.ts";
import type { Random } from "../../src/lib/random.ts";
import type { TestState } from "./state.ts";
import { numberedAllocation } from "./build-allocation.ts";
import { buildPlan, buildRegistration, buildReport } from "./build-commands.ts";
import { numberedDeployment } from "./build-deployment.ts";
import { buildEvaluation } from "./build-evaluation.ts";
import { buildGroup, buildJob } from "./build-job.ts";
import { numberedNode } from "./build-node.ts";

const ids = ["api", "web", "web/dispatch-1"].map(jobId);
const clientStatuses: readonly ClientStatus[] = [
  "pending",
  "running",
  "complete",
  "failed",
  "lost",
  "unknown",
];

/** Applies one command of any kind that makes sense in the present state; `n` numbers what it creates. */
export function applyRandomCommand(state: TestState, random: Random, n: number): void {
  const pick = <T>(values: readonly T[]): T | undefined =>
    values[Math.floor(random.fraction() * values.length)];
  const key = { namespace: "default", id: pick(ids) ?? jobId("web") };
  const job = state.read.job(key);
  const allocation = pick(state.read.allocations({}));
  const deployment = pick(state.read.activeDeployments());
  const evaluation = buildEvaluation(n, job ?? buildJob({ ID: key.id }), {
    Status: pick(["pending", "complete", "blocked", "failed"] as const) ?? "pending",
    QueuedAllocations: random.fraction() < 0.5 ? { web: Math.floor(random.fraction() * 4) } : null,
  });
  const actions: readonly (() => unknown)[] = [
    () => {
      const groups = ["web", "side"].slice(0, 1 + Math.floor(random.fraction() * 2));
      const Count = Math.floor(random.fraction() * 3);
      const next = buildJob({
        ID: key.id,
        ParentID: key.id === "web/dispatch-1" ? "web" : "",
        Type: pick(["service", "batch", "system"] as const) ?? "service",
        TaskGroups: groups.map((Name) => buildGroup({ Name, Count })),
      });
      return state.apply("job.register", buildRegistration(next, evaluation));
    },
    () =>
      state.apply("job.deregister", {
        key,
        purge: random.fraction() < 0.3,
        submitTime: n,
        evaluation,
        noShutdownDelay: random.fraction() < 0.5,
      }),
    () => state.apply("evaluation.upsert", { evaluations: [evaluation] }),
    () => {
      if (job === undefined) return undefined;
      const createDeployment = random.fraction() < 0.3 ? numberedDeployment(n, job) : null;
      const DeploymentID = createDeployment?.ID ?? deployment?.ID ?? null;
      const TaskGroup = pick(job.TaskGroups)?.Name ?? "web";
      const PreviousAllocation: AllocationId | null =
        random.fraction() < 0.3 ? (allocation?.ID ?? null) : null;
      return state.apply("plan.apply", {
        ...buildPlan({
          createDeployment,
          place: [numberedAllocation(n, job, { TaskGroup, DeploymentID, PreviousAllocation })],
        }),
        evaluations: [evaluation],
      });
    },
    () =>
      allocation &&
      state.apply(
        "plan.apply",
        buildPlan({
          stop: [
            {
              allocationId: allocation.ID,
              desiredStatus: "stop",
              desiredDescription: "",
              clientStatus: pick(["lost", "unknown", null] as const) ?? null,
              followupEvalId: null,
            },
          ],
        }),
      ),
    () => {
      if (allocation === undefined) return undefined;
      const number = Number(allocation.ID.slice(0, 8));
      const health = pick([null, true, false]) ?? null;
      return state.apply(
        "allocation.report",
        buildReport(number, pick(clientStatuses) ?? "running", health),
      );
    },
    () =>
      deployment &&
      state.apply("deployment.status", {
        update: {
          deploymentId: deployment.ID,
          status: pick(["successful", "failed", "cancelled"] as const) ?? "failed",
          statusDescription: "",
        },
        job: null,
        markStable: random.fraction() < 0.5,
        evaluations: [],
      }),
    () =>
      state.apply("node.register", {
        node: numberedNode(1 + Math.floor(random.fraction() * 2)),
        evaluations: [],
      }),
  ];
  pick(actions)?.();
}
