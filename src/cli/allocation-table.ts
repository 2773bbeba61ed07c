import type { AllocationListStub } from "../sdk/wire.ts";
import type { CommandContext } from "./command.ts";
import { formatList } from "./core/table.ts";
import { shortId } from "./core/values.ts";
import { msOfNs } from "./time-format.ts";

/** The table of allocations, newest first; verbose adds evaluation and node name and writes times out. */
export function allocationTable(
  context: CommandContext,
  allocations: readonly AllocationListStub[],
  options: { readonly verbose: boolean; readonly ofNode?: boolean },
): string {
  const { verbose } = options;
  const nodeName = verbose && options.ofNode !== true;
  return formatList([
    [
      "ID",
      ...(verbose ? ["Eval ID"] : []),
      "Node ID",
      ...(nodeName ? ["Node Name"] : []),
      "Task Group",
      "Version",
      "Desired",
      "Status",
      "Created",
      "Modified",
    ],
    ...newestFirst(allocations).map((allocation) => [
      shortId(allocation.ID, verbose),
      ...(verbose ? [allocation.EvalID] : []),
      shortId(allocation.NodeID, verbose),
      ...(nodeName ? [allocation.NodeName] : []),
      allocation.TaskGroup,
      String(allocation.JobVersion),
      allocation.DesiredStatus,
      allocation.ClientStatus,
      context.time.either(msOfNs(allocation.CreateTime), verbose),
      context.time.either(msOfNs(allocation.ModifyTime), verbose),
    ]),
  ]);
}

export const newestFirst = <T extends { readonly CreateIndex: number }>(
  items: readonly T[],
): readonly T[] => [...items].sort((a, b) => b.CreateIndex - a.CreateIndex);
