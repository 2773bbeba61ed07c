import { sleep } from "../lib/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import { ResponseError } from "../sdk/client.ts";
import type { AllocationListStub, EvaluationAnswer } from "../sdk/wire.ts";
import { messageOf, type CommandContext } from "./command.ts";
import {
  describeProgress,
  noProgress,
  type EvaluationProgress,
} from "./core/evaluation-progress.ts";
import { failedPlacementTitle, metricLines } from "./core/metrics.ts";
import { instantMs, shortId, sortedEntries } from "./core/values.ts";
import { monitorDeployment } from "./monitor-deployment.ts";

const pollMs = 1_000;

/**
 * Follows an evaluation, the ones after it, and the deployment behind them to their end.
 * 0: all placed and the deployment successful. 1: an error or another end. 2: not everything could be placed.
 */
export async function monitorEvaluation(
  context: CommandContext,
  evaluationId: string,
  verbose: boolean,
): Promise<number> {
  const voice = monitorVoice(context);
  let id = evaluationId;
  let unplaced = false;
  for (;;) {
    voice.info(`Monitoring evaluation "${shortId(id, verbose)}"`);
    const evaluation = await followToEnd(context, voice, id, verbose);
    if (!evaluation) return 1;
    if (announceEnd(voice, evaluation, verbose)) unplaced = true;
    if (!evaluation.NextEval) {
      if (!evaluation.DeploymentID) return unplaced ? 2 : 0;
      voice.info(`Monitoring deployment "${shortId(evaluation.DeploymentID, verbose)}"`);
      const end = await monitorDeployment(context, voice.block, evaluation.DeploymentID, {
        verbose,
      });
      return end === "successful" ? 0 : 1;
    }
    const waitMs = waitBeforeNext(context, evaluation);
    voice.info(
      `Monitoring next evaluation "${shortId(evaluation.NextEval, verbose)}" in ${formatDuration(waitMs * 1e6)}`,
    );
    await sleep(context.ports.clock, waitMs);
    id = evaluation.NextEval;
  }
}

interface Voice {
  readonly info: (text: string) => void;
  readonly line: (text: string) => void;
  /** Without a time of its own. */
  readonly plain: (text: string) => void;
  readonly error: (text: string) => void;
  /** A block that starts on a line of its own. */
  readonly block: (text: string) => void;
}

function monitorVoice(context: CommandContext): Voice {
  const { ui, time } = context;
  return {
    info: (text) => {
      ui.info(`==> ${time.now()}: ${text}`);
    },
    line: (text) => {
      ui.output(`    ${time.now()}: ${text}`);
    },
    plain: (text) => {
      ui.output(`    ${text}`);
    },
    error: (text) => {
      ui.error(`==> ${time.now()}: ${text}`);
    },
    block: (text) => {
      ui.output(`    \n${text}`);
    },
  };
}

async function followToEnd(
  context: CommandContext,
  voice: Voice,
  id: string,
  verbose: boolean,
): Promise<EvaluationAnswer | undefined> {
  const { client, ports } = context;
  const short = (text: string): string => shortId(text, verbose);
  let before = noProgress;
  for (;;) {
    let evaluation: EvaluationAnswer;
    let allocations: readonly AllocationListStub[];
    try {
      evaluation = (await client.get<EvaluationAnswer>(`/v1/evaluation/${id}`, { related: true }))
        .value;
      allocations =
        (await client.get<readonly AllocationListStub[] | null>(`/v1/evaluation/${id}/allocations`))
          .value ?? [];
    } catch (thrown) {
      voice.error(
        thrown instanceof ResponseError && thrown.status === 404
          ? `No evaluation with id "${id}" found`
          : `Error reading evaluation: ${messageOf(thrown)}`,
      );
      return undefined;
    }
    const now = progressOf(evaluation, allocations);
    for (const line of describeProgress(before, now, short)) voice.line(line);
    before = now;
    if (["complete", "failed", "canceled"].includes(evaluation.Status)) return evaluation;
    await sleep(ports.clock, pollMs);
  }
}

const progressOf = (
  evaluation: EvaluationAnswer,
  allocations: readonly AllocationListStub[],
): EvaluationProgress => ({
  status: evaluation.Status,
  node: evaluation.NodeID ?? "",
  job: evaluation.JobID,
  deployment: evaluation.DeploymentID ?? "",
  createIndex: evaluation.CreateIndex,
  allocations: new Map(
    allocations.map((allocation) => [
      allocation.ID,
      {
        id: allocation.ID,
        node: allocation.NodeID,
        group: allocation.TaskGroup,
        desired: allocation.DesiredStatus,
        client: allocation.ClientStatus,
        clientDescription: allocation.ClientDescription,
        createIndex: allocation.CreateIndex,
      },
    ]),
  ),
});

/** True when something could not be placed. */
function announceEnd(voice: Voice, evaluation: EvaluationAnswer, verbose: boolean): boolean {
  const failed = sortedEntries(evaluation.FailedTGAllocs);
  const end = `Evaluation "${shortId(evaluation.ID, verbose)}" finished with status "${evaluation.Status}"`;
  if (failed.length === 0) {
    voice.info(end);
    return false;
  }
  voice.info(`${end} but failed to place all allocations:`);
  for (const [group, metrics] of failed) {
    voice.line(failedPlacementTitle(group, metrics));
    for (const line of metricLines(metrics, "  ")) voice.plain(line);
  }
  if (evaluation.BlockedEval)
    voice.line(
      `Evaluation "${shortId(evaluation.BlockedEval, verbose)}" waiting for additional capacity to place remainder`,
    );
  return true;
}

function waitBeforeNext(context: CommandContext, evaluation: EvaluationAnswer): number {
  const until = instantMs(evaluation.WaitUntil);
  if (until !== undefined) return Math.max(0, until - context.ports.clock.nowMs());
  return (evaluation.Wait ?? 0) / 1e6;
}
