/** Cluster-wide scheduling switches, set over the operator API. */
export interface SchedulerConfiguration {
  readonly SchedulerAlgorithm: "binpack" | "spread";
  readonly PreemptionConfig: {
    readonly SystemSchedulerEnabled: boolean;
    readonly SysBatchSchedulerEnabled: boolean;
    readonly BatchSchedulerEnabled: boolean;
    readonly ServiceSchedulerEnabled: boolean;
  };
  readonly MemoryOversubscriptionEnabled: boolean;
  readonly RejectJobRegistration: boolean;
  readonly PauseEvalBroker: boolean;
  readonly NodeLimitForFeasibilityChecks: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
