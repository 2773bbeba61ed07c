/** What the monitor of an evaluation knows, and the lines that a newer look at it is worth. */
export interface SeenAllocation {
  readonly id: string;
  readonly node: string;
  readonly group: string;
  readonly desired: string;
  readonly client: string;
  readonly clientDescription: string;
  readonly createIndex: number;
}
export interface EvaluationProgress {
  readonly status: string;
  readonly node: string;
  readonly job: string;
  readonly deployment: string;
  readonly createIndex: number;
  readonly allocations: ReadonlyMap<string, SeenAllocation>;
}

export const noProgress: EvaluationProgress = {
  status: "pending",
  node: "",
  job: "",
  deployment: "",
  createIndex: 0,
  allocations: new Map(),
};

export function describeProgress(
  before: EvaluationProgress,
  now: EvaluationProgress,
  short: (id: string) => string,
): readonly string[] {
  return [
    ...(before.node === "" && now.node !== ""
      ? [`Evaluation triggered by node "${short(now.node)}"`]
      : []),
    ...(before.job === "" && now.job !== "" ? [`Evaluation triggered by job "${now.job}"`] : []),
    ...(before.deployment === "" && now.deployment !== ""
      ? [`Evaluation within deployment: "${short(now.deployment)}"`]
      : []),
    ...[...now.allocations.values()].flatMap((allocation) =>
      describeAllocation(before.allocations.get(allocation.id), allocation, now, short),
    ),
    ...(before.status === now.status
      ? []
      : [`Evaluation status changed: "${before.status}" -> "${now.status}"`]),
  ];
}

function describeAllocation(
  before: SeenAllocation | undefined,
  now: SeenAllocation,
  evaluation: EvaluationProgress,
  short: (id: string) => string,
): readonly string[] {
  const place = `node "${short(now.node)}", group "${now.group}"`;
  const name = `Allocation "${short(now.id)}"`;
  if (!before) {
    // Older than the evaluation: it was there before and this evaluation changed it.
    if (now.createIndex < evaluation.createIndex) return [`${name} modified: ${place}`];
    return now.desired === "run" ? [`${name} created: ${place}`] : [];
  }
  if (before.client === now.client) return [];
  const why = now.clientDescription === "" ? "" : ` (${now.clientDescription})`;
  return [`${name} status changed: "${before.client}" -> "${now.client}"${why}`];
}
