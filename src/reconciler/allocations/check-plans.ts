import { createHash } from "node:crypto";
import { planChecks } from "../core/node/checks.ts";
import type { CheckPlan } from "../../model/check.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import type { DesiredAllocation } from "../ports.ts";
import { serviceTables } from "./service-tables.ts";
import type { ServiceContext } from "./service-tables.ts";

/** The checks an allocation asks this node to run. */
export function checksOf(
  desired: DesiredAllocation,
  context: ServiceContext,
): readonly CheckPlan[] {
  const { allocation } = desired;
  const tables = serviceTables(desired, context);
  return planChecks({ allocation, group: groupOf(desired), tables, hash: hashParts });
}

function hashParts(parts: readonly (string | bigint)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    if (typeof part === "string") {
      hash.update(part);
      continue;
    }
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(part);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
