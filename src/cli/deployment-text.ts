import type { Deployment, DeploymentState } from "../model/deployment.ts";
import type { CommandContext } from "./command.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { shortId, sortedEntries } from "./core/values.ts";

/** The block of one deployment: what it is, then the table of its groups. */
export function deploymentText(
  context: CommandContext,
  deployment: Deployment,
  verbose: boolean,
): string {
  const facts = formatKeyValues([
    ["ID", shortId(deployment.ID, verbose)],
    ["Job ID", deployment.JobID],
    ["Job Version", String(deployment.JobVersion)],
    ["Status", deployment.Status],
    ["Description", deployment.StatusDescription],
  ]);
  const groups = deployedTable(context, deployment);
  return groups === "" ? facts : `${facts}\n\n${context.ui.paint.bold("Deployed")}\n${groups}`;
}

/** Columns that no group has any use for are left out. */
export function deployedTable(context: CommandContext, deployment: Deployment): string {
  const groups = sortedEntries(deployment.TaskGroups);
  if (groups.length === 0) return "";
  const any = (has: (state: DeploymentState) => boolean): boolean =>
    groups.some(([, state]) => has(state));
  const reverts = any((state) => state.AutoRevert);
  const canaries = any((state) => state.DesiredCanaries > 0);
  const deadline = any((state) => state.ProgressDeadline !== 0);
  return formatList([
    [
      "Task Group",
      ...(reverts ? ["Auto Revert"] : []),
      ...(canaries ? ["Promoted"] : []),
      "Desired",
      ...(canaries ? ["Canaries"] : []),
      "Placed",
      "Healthy",
      "Unhealthy",
      ...(deadline ? ["Progress Deadline"] : []),
    ],
    ...groups.map(([name, state]) => [
      name,
      ...(reverts ? [String(state.AutoRevert)] : []),
      ...(canaries ? [state.DesiredCanaries > 0 ? String(state.Promoted) : "N/A"] : []),
      String(state.DesiredTotal),
      ...(canaries ? [state.DesiredCanaries > 0 ? String(state.DesiredCanaries) : "N/A"] : []),
      String(state.PlacedAllocs),
      String(state.HealthyAllocs),
      String(state.UnhealthyAllocs),
      ...(deadline ? [context.time.text(state.RequireProgressBy) || "N/A"] : []),
    ]),
  ]);
}

export const deploymentTable = (deployments: readonly Deployment[], verbose: boolean): string =>
  formatList([
    ["ID", "Job ID", "Job Version", "Status", "Description"],
    ...deployments.map((deployment) => [
      shortId(deployment.ID, verbose),
      deployment.JobID,
      String(deployment.JobVersion),
      deployment.Status,
      deployment.StatusDescription,
    ]),
  ]);
