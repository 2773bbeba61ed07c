import { sleep } from "../lib/clock.ts";
import type { Deployment } from "../model/deployment.ts";
import type { AllocationListStub } from "../sdk/wire.ts";
import { allocationTable } from "./allocation-table.ts";
import { messageOf, type CommandContext } from "./command.ts";
import { deploymentText } from "./deployment-text.ts";
import { watch } from "./watch.ts";

const beforeNextMs = 1_000;
const retryMs = 1_000;
const mostFailures = 3;

/**
 * Prints a deployment whenever it changes, until it has ended; gives its last status. A failed deployment that rolls
 * back is followed by the one that does it, whose end does not change the verdict.
 */
export async function monitorDeployment(
  context: CommandContext,
  block: (text: string) => void,
  id: string,
  options: { readonly verbose: boolean; readonly wait?: string },
): Promise<string> {
  const { verbose, wait = "2s" } = options;
  const last = await followDeployment(context, block, id, { verbose, wait });
  if (!last) return "";
  const reverts = Object.values(last.TaskGroups).some((group) => group.AutoRevert);
  if (last.Status !== "failed" || !reverts) return last.Status;
  context.ui.output("");
  await sleep(context.ports.clock, beforeNextMs);
  const next = await latestDeployment(context, last);
  if (next && next.ID !== last.ID)
    await followDeployment(context, block, next.ID, { verbose, wait });
  return last.Status;
}

async function followDeployment(
  context: CommandContext,
  block: (text: string) => void,
  id: string,
  { verbose, wait }: { readonly verbose: boolean; readonly wait: string },
): Promise<Deployment | undefined> {
  let failures = 0;
  let shown = 0;
  for (;;) {
    try {
      const answers = watch<Deployment>(context, `/v1/deployment/${id}`, {
        query: { stale: "" },
        wait,
      });
      for await (const { value: deployment, index, changed } of answers) {
        failures = 0;
        // After a failure the watch begins anew; what was shown already is no change.
        if (changed && index !== shown) block(await deploymentBlock(context, deployment, verbose));
        shown = index;
        if (hasEnded(deployment)) return deployment;
      }
    } catch (thrown) {
      if (++failures > mostFailures) {
        context.ui.error(`Error fetching deployment: ${messageOf(thrown)}`);
        return undefined;
      }
      await sleep(context.ports.clock, retryMs);
    }
  }
}

const hasEnded = (deployment: Deployment): boolean =>
  ["successful", "failed", "cancelled", "blocked"].includes(deployment.Status);

async function deploymentBlock(
  context: CommandContext,
  deployment: Deployment,
  verbose: boolean,
): Promise<string> {
  const text = `${context.time.now()}\n${deploymentText(context, deployment, verbose)}`;
  if (!verbose) return text;
  return `${text}\n\n${context.ui.paint.bold("Allocations")}\n${await deploymentAllocations(context, deployment.ID)}`;
}

async function deploymentAllocations(context: CommandContext, id: string): Promise<string> {
  const answer = await context.client.get<readonly AllocationListStub[] | null>(
    `/v1/deployment/allocations/${id}`,
  );
  const allocations = answer.value ?? [];
  return allocations.length === 0
    ? "No allocations placed"
    : allocationTable(context, allocations, { verbose: true });
}

async function latestDeployment(
  context: CommandContext,
  deployment: Deployment,
): Promise<Deployment | null> {
  const answer = await context.client.get<Deployment | null>(
    `/v1/job/${encodeURIComponent(deployment.JobID)}/deployment`,
    { namespace: deployment.Namespace },
  );
  return answer.value;
}
