import { isDeepEqual } from "../../../lib/deep-equal.ts";
import type { ServiceKey, ServiceRegistration } from "../../../model/service.ts";
import type { WantedService } from "./services.ts";

export interface ServiceChanges {
  readonly upsert: readonly ServiceRegistration[];
  readonly remove: readonly ServiceKey[];
}
export interface ServiceChangesInput {
  /** What the servers have of this node. */
  readonly listed: readonly ServiceRegistration[];
  /** What each allocation that was decided on wants to have there. */
  readonly wanted: ReadonlyMap<string, readonly WantedService[]>;
  /** True once nobody can come any more who knows this allocation. */
  readonly isForeign: (allocationId: string) => boolean;
}

/** What makes the servers' list what it should be. An allocation that was not decided on yet keeps what it has. */
export function serviceChanges({ listed, wanted, isForeign }: ServiceChangesInput): ServiceChanges {
  const known = new Map(listed.map((registration) => [keyOf(registration), registration]));
  const kept = new Set<string>();
  const upsert: ServiceRegistration[] = [];
  for (const { registration, isHeld } of [...wanted.values()].flat()) {
    const key = keyOf(registration);
    const existing = known.get(key);
    kept.add(key);
    if (existing ? !isSame(existing, registration) : !isHeld) upsert.push(registration);
  }
  const remove = listed
    .filter((registration) => !kept.has(keyOf(registration)))
    .filter(({ AllocID }) => wanted.has(AllocID) || isForeign(AllocID))
    .map(({ Namespace: namespace, ID: id }) => ({ namespace, id }));
  return { upsert, remove };
}

const keyOf = ({ Namespace, ID }: ServiceRegistration): string => `${Namespace}\n${ID}`;

const isSame = (existing: ServiceRegistration, wanted: ServiceRegistration): boolean =>
  isDeepEqual(existing, {
    ...wanted,
    CreateIndex: existing.CreateIndex,
    ModifyIndex: existing.ModifyIndex,
  });
