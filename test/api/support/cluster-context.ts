import type { ApiContext } from "../../../src/api/context.ts";
import { buildAllocation, buildContext, buildDeployment, buildJob, buildNode } from "./build.ts";
import type { TestContext } from "./build.ts";

const canary = {
  AutoRevert: false,
  AutoPromote: false,
  ProgressDeadline: 0,
  RequireProgressBy: null,
  Promoted: false,
  PlacedCanaries: null,
  DesiredCanaries: 1,
  DesiredTotal: 2,
  PlacedAllocs: 1,
  HealthyAllocs: 1,
  UnhealthyAllocs: 0,
};
/** A cluster with a deployment to promote, a node, a pool and jobs of two types. */
export const clusterContext = (overrides: Partial<ApiContext> = {}): TestContext =>
  buildContext(
    {
      jobs: [buildJob("web"), buildJob("everywhere", { Type: "system" })],
      allocations: [buildAllocation(1)],
      deployments: [
        buildDeployment(3, { TaskGroups: { front: canary } }),
        buildDeployment(4, { Status: "successful" }),
      ],
      nodes: [buildNode(800)],
      pools: [
        {
          Name: "edge",
          Description: "",
          Meta: null,
          SchedulerConfiguration: null,
          CreateIndex: 1,
          ModifyIndex: 1,
        },
      ],
    },
    overrides,
  );
