import type { DesiredUpdates } from "../../model/plan.ts";
import { formatList } from "./table.ts";
import { sortedEntries } from "./values.ts";

const always: readonly (readonly [string, keyof DesiredUpdates])[] = [
  ["Ignore", "Ignore"],
  ["Place", "Place"],
  ["Stop", "Stop"],
  ["InPlace", "InPlaceUpdate"],
  ["Destructive", "DestructiveUpdate"],
];
const sometimes: readonly (readonly [string, keyof DesiredUpdates])[] = [
  ["Migrate", "Migrate"],
  ["Canary", "Canary"],
  ["Preemptions", "Preemptions"],
  ["Reschedule Now", "RescheduleNow"],
  ["Reschedule Later", "RescheduleLater"],
  ["Disconnect", "Disconnect"],
  ["Reconnect", "Reconnect"],
];

/** What the scheduler meant to do with each group; rare columns only where they count something. */
export function annotationTable(
  groups: { readonly [group: string]: Partial<DesiredUpdates> },
  everything: boolean,
): string {
  const rows = sortedEntries(groups);
  const columns = [
    ...always,
    ...sometimes.filter(
      ([, key]) => everything || rows.some(([, counts]) => (counts[key] ?? 0) > 0),
    ),
  ];
  return formatList([
    ["Task Group", ...columns.map(([title]) => title)],
    ...rows.map(([group, counts]) => [
      group,
      ...columns.map(([, key]) => String(counts[key] ?? 0)),
    ]),
  ]);
}
