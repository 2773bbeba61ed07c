import * as agent from "./handlers/agent.ts";
import * as allocations from "./handlers/allocations.ts";
import * as client from "./handlers/client.ts";
import * as deployments from "./handlers/deployments.ts";
import * as evaluations from "./handlers/evaluations.ts";
import * as exec from "./handlers/exec.ts";
import * as files from "./handlers/files.ts";
import * as jobActions from "./handlers/job-actions.ts";
import * as jobRegister from "./handlers/job-register.ts";
import * as jobScale from "./handlers/job-scale.ts";
import * as jobStatuses from "./handlers/job-statuses.ts";
import * as jobViews from "./handlers/job-views.ts";
import * as jobs from "./handlers/jobs.ts";
import * as namespaces from "./handlers/namespaces.ts";
import * as nodePools from "./handlers/node-pools.ts";
import * as nodes from "./handlers/nodes.ts";
import * as operator from "./handlers/operator.ts";
import * as scaling from "./handlers/scaling.ts";
import * as search from "./handlers/search.ts";
import * as services from "./handlers/services.ts";
import * as sources from "./handlers/sources.ts";
import * as taskActions from "./handlers/task-actions.ts";
import type { ActionHandler, ReadHandler, SessionHandler } from "./http/handler.ts";
import type { ActionName, ReadName, SessionName } from "./routes.ts";

/** Exactly one handler for each name in the route table: a missing or a surplus one does not compile. */
export const reads: { readonly [Name in ReadName]: ReadHandler } = {
  "jobs.list": jobs.listJobs,

  "jobs.statuses": jobStatuses.jobStatuses,
  "jobs.sources": sources.listSources,
  "job.read": jobs.readJob,
  "job.allocations": jobs.jobAllocations,
  "job.evaluations": jobs.jobEvaluations,
  "job.deployments": jobs.jobDeployments,
  "job.deployment": jobs.jobDeployment,
  "job.summary": jobs.jobSummary,
  "job.versions": jobViews.jobVersions,
  "job.actions": taskActions.jobActions,
  "job.scaleStatus": jobViews.jobScaleStatus,
  "job.submission": jobs.jobSubmission,
  "allocations.list": allocations.listAllocations,
  "job.services": services.jobServices,
  "allocation.services": services.allocationServices,
  "services.list": services.listServices,
  "service.read": services.readService,
  "allocation.read": allocations.readAllocation,
  "evaluations.list": evaluations.listEvaluations,
  "evaluations.count": evaluations.countEvaluations,
  "evaluation.read": evaluations.readEvaluation,
  "evaluation.allocations": evaluations.evaluationAllocations,
  "deployments.list": deployments.listDeployments,
  "deployment.read": deployments.readDeployment,
  "deployment.allocations": deployments.deploymentAllocations,
  "nodes.list": nodes.listNodes,
  "node.read": nodes.readNode,
  "node.allocations": nodes.nodeAllocations,
  "nodePools.list": nodePools.listNodePools,
  "nodePool.read": nodePools.readNodePool,
  "nodePool.nodes": nodePools.nodePoolNodes,
  "nodePool.jobs": nodePools.nodePoolJobs,
  "status.leader": agent.statusLeader,
  "status.peers": agent.statusPeers,
  "raft.configuration": agent.raftConfiguration,
  "scheduler.read": operator.readSchedulerConfig,
  "scaling.list": scaling.listPolicies,
  "scaling.read": scaling.readPolicy,
  "namespaces.list": namespaces.listNamespaces,
  "namespace.read": namespaces.readNamespace,
  "volumes.list": sources.listVolumes,
  "volume.csi": sources.readVolume,
  "plugins.list": sources.listPlugins,
  "acl.tokenSelf": agent.tokenSelf,
};

export const actions: { readonly [Name in ActionName]: ActionHandler } = {
  "jobs.register": jobRegister.registerJob,
  "jobs.parse": jobActions.parseJobText,
  "jobs.validate": jobActions.validateJob,
  "job.update": jobRegister.registerJob,
  "job.delete": jobRegister.deleteJob,
  "job.plan": jobActions.planJob,
  "job.revert": jobActions.revertJob,
  "job.stable": jobActions.setStable,
  "job.evaluate": jobActions.evaluateJob,
  "job.scale": jobScale.scaleJob,
  "allocation.checks": services.allocationChecks,
  "client.allocationChecks": services.allocationChecks,
  "service.delete": services.deleteService,
  "allocation.stop": allocations.stopAllocation,
  "deployment.fail": deployments.failDeployment,
  "deployment.pause": deployments.pauseDeployment,
  "deployment.promote": deployments.promoteDeployment,
  "deployment.unblock": deployments.unblockDeployment,
  "deployment.health": deployments.setAllocationHealth,
  "node.drain": nodes.drainNode,
  "node.eligibility": nodes.setEligibility,
  "node.evaluate": nodes.evaluateNode,
  "node.purge": nodes.purgeNode,
  "nodePools.write": nodePools.writeNodePool,
  "nodePool.write": nodePools.writeNodePool,
  "nodePool.delete": nodePools.deleteNodePool,
  "client.allocationStats": client.allocationStats,
  "client.allocationRestart": client.restartAllocation,
  "client.allocationSignal": client.signalAllocation,
  "client.allocationPause": client.pauseTask,
  "client.allocationPaused": client.readPause,
  "client.allocationGc": client.collectAllocation,
  "client.gc": client.collectEnded,
  "client.fsList": files.listFiles,
  "client.fsStat": files.statFile,
  "client.fsCat": files.catFile,
  "client.fsReadAt": files.readFileAt,
  "client.fsStream": files.streamFile,
  "client.fsLogs": files.taskLogs,
  "client.stats": client.hostStats,
  "agent.self": agent.agentSelf,
  "agent.members": agent.agentMembers,
  "agent.join": agent.joinMembers,
  "agent.forceLeave": agent.forceLeave,
  "agent.servers": agent.agentServers,
  "agent.health": agent.agentHealth,
  "agent.monitor": agent.monitorAgent,
  "regions.list": agent.listRegions,
  "metrics.read": agent.readMetrics,
  "search.prefix": search.searchPrefix,
  "scheduler.write": operator.writeSchedulerConfig,
  "upgradeCheck.unknown": operator.unknownUpgradeCheck,
  "license.read": agent.readLicense,
  "system.gc": operator.collectGarbage,
  "system.summaries": operator.reconcileSummaries,
  "namespaces.write": namespaces.writeNamespace,
  "namespace.write": namespaces.writeNamespace,
  "namespace.delete": namespaces.deleteNamespace,
};

export const sessions: { readonly [Name in SessionName]: SessionHandler } = {
  "client.allocationExec": exec.execInTask,
  "job.action": taskActions.runJobAction,
};
