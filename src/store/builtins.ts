import type { SchedulerConfiguration } from "../model/scheduler-config.ts";
import type { Tables } from "./tables/tables.ts";

/** Everything that exists before the first entry; the same on every server, so it needs no entry of its own. */
const firstIndex = 1;

const defaultSchedulerConfig: SchedulerConfiguration = {
  SchedulerAlgorithm: "binpack",
  PreemptionConfig: {
    SystemSchedulerEnabled: true,
    SysBatchSchedulerEnabled: false,
    BatchSchedulerEnabled: false,
    ServiceSchedulerEnabled: false,
  },
  MemoryOversubscriptionEnabled: false,
  RejectJobRegistration: false,
  PauseEvalBroker: false,
  NodeLimitForFeasibilityChecks: 0,
  CreateIndex: firstIndex,
  ModifyIndex: firstIndex,
};

export function seedBuiltins(tables: Tables): void {
  if (tables.schedulerConfig.get(1)) return;
  tables.schedulerConfig.put(defaultSchedulerConfig);
  tables.namespaces.put({
    Name: "default",
    Description: "Default shared namespace",
    Quota: "",
    Capabilities: null,
    NodePoolConfiguration: null,
    VaultConfiguration: null,
    ConsulConfiguration: null,
    Meta: null,
    Hash: "",
    CreateIndex: firstIndex,
    ModifyIndex: firstIndex,
  });
  const pools = [
    ["all", "Node pool with all nodes in the cluster."],
    ["default", "Default node pool."],
  ] as const;
  for (const [Name, Description] of pools)
    tables.pools.put({
      Name,
      Description,
      Meta: null,
      SchedulerConfiguration: null,
      CreateIndex: firstIndex,
      ModifyIndex: firstIndex,
    });
  for (const table of ["scheduler_config", "namespaces", "node_pools"] as const)
    tables.indexes.touch(table, firstIndex);
}
