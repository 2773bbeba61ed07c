import type { SchedulerConfiguration } from "../../src/model/scheduler-config.ts";

/** How a cluster schedules until somebody changes it. */
export const buildSchedulerConfig = (
  over: Partial<SchedulerConfiguration> = {},
): SchedulerConfiguration => ({
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
  CreateIndex: 1,
  ModifyIndex: 1,
  ...over,
});
