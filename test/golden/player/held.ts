import { readFileSync, writeFileSync } from "node:fs";
import type { CaseResult } from "./play-api.ts";

const file = new URL("../held.json", import.meta.url);
type Held = { readonly [kind: string]: readonly string[] };

/** The cases of a kind that once passed, checked in: none of them may fail again. */
export const heldCases = (kind: string): ReadonlySet<string> => new Set(readHeld()[kind]);

/** Writes down what passed: `GOLDEN_HOLD=1 npm run golden`. What is held already and failed now is dropped knowingly. */
export function hold(kind: string, results: readonly CaseResult[]): void {
  if (process.env["GOLDEN_HOLD"] !== "1") return;
  const passed = results
    .filter((one) => one.faults.length === 0)
    .map((one) => one.name)
    .toSorted();
  writeFileSync(file, `${JSON.stringify({ ...readHeld(), [kind]: passed }, undefined, 2)}\n`);
}

const readHeld = (): Held => JSON.parse(readFileSync(file, "utf8")) as Held;
