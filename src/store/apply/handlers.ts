import type { Command, CommandOutcomes, CommandType } from "../commands.ts";
import { applyAllocationReport, applyAllocationTransition } from "./allocations.ts";
import {
  applyNamespaceDelete,
  applyNamespaceUpsert,
  applyNodePoolDelete,
  applyNodePoolUpsert,
  applySchedulerConfigSet,
  applySourceForget,
  applySourceReport,
} from "./cluster.ts";
import {
  applyDeploymentHealth,
  applyDeploymentPromote,
  applyDeploymentStatus,
} from "./deployments.ts";
import { applyEvaluationUpsert } from "./evaluations.ts";
import { applyGarbageCollect } from "./garbage.ts";
import { settleJobs } from "./job-status.ts";
import { applyJobDeregister, applyJobRegister, applyJobStability } from "./jobs.ts";
import {
  applyNodeDeregister,
  applyNodeDrain,
  applyNodeEligibility,
  applyNodeRegister,
  applyNodeStatus,
} from "./nodes.ts";
import { applyPlan } from "./plans.ts";
import { applyJobScale } from "./scaling.ts";
import { applyServiceDelete, applyServiceReport } from "./services.ts";
import type { Handler, Transaction } from "./transaction.ts";

/** Leaving a command out of this table does not compile. */
const handlers: { readonly [K in CommandType]: Handler<K> } = {
  "job.register": applyJobRegister,
  "job.deregister": applyJobDeregister,
  "job.stability": applyJobStability,
  "job.scale": applyJobScale,
  "evaluation.upsert": applyEvaluationUpsert,
  "plan.apply": applyPlan,
  "allocation.report": applyAllocationReport,
  "allocation.transition": applyAllocationTransition,
  "deployment.status": applyDeploymentStatus,
  "deployment.promote": applyDeploymentPromote,
  "deployment.health": applyDeploymentHealth,
  "node.register": applyNodeRegister,
  "node.status": applyNodeStatus,
  "node.eligibility": applyNodeEligibility,
  "node.drain": applyNodeDrain,
  "node.deregister": applyNodeDeregister,
  "source.report": applySourceReport,
  "source.forget": applySourceForget,
  "namespace.upsert": applyNamespaceUpsert,
  "namespace.delete": applyNamespaceDelete,
  "node-pool.upsert": applyNodePoolUpsert,
  "node-pool.delete": applyNodePoolDelete,
  "scheduler-config.set": applySchedulerConfigSet,
  "service.report": applyServiceReport,
  "service.delete": applyServiceDelete,
  "garbage.collect": applyGarbageCollect,
};

/** Applies one command and brings the jobs it affected into line. A throw means a damaged log or a bug: stop. */
export function applyCommand<K extends CommandType>(
  tx: Transaction,
  command: Command<K>,
): CommandOutcomes[K] {
  const handler: Handler<K> | undefined = handlers[command.type];
  if (handler === undefined) throw new Error(`unknown command ${JSON.stringify(command.type)}`);
  const outcome = handler(tx, command.body);
  settleJobs(tx);
  return outcome;
}
