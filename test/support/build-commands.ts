import type { Allocation } from "../../src/model/allocation.ts";
import { emptyPlan } from "../../src/model/build.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import { allocationId, evaluationId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { CommandBodies } from "../../src/store/commands.ts";
import { uuid } from "./uuid.ts";

export function buildRegistration(
  job: Job,
  evaluation: Evaluation | null = null,
  overrides: Partial<CommandBodies["job.register"]> = {},
): CommandBodies["job.register"] {
  return {
    job,
    submission: null,
    enforceIndex: null,
    evaluation,
    preserveCounts: false,
    ...overrides,
  };
}

export function buildPlan(overrides: Partial<Plan> = {}): CommandBodies["plan.apply"] {
  return { plan: { ...emptyPlan(evaluationId(uuid(1))), ...overrides }, evaluations: [] };
}

export function buildReport(
  n: number,
  clientStatus: Allocation["ClientStatus"],
  healthy: boolean | null = null,
  at = "2023-11-14T22:15:00Z",
): CommandBodies["allocation.report"] {
  return {
    nodeId: nodeId(uuid(1)),
    reports: [
      {
        id: allocationId(uuid(n)),
        clientStatus,
        clientDescription: "",
        taskStates: {},
        networkStatus: null,
        health: healthy === null ? null : { healthy, at },
      },
    ],
    evaluations: [],
  };
}
