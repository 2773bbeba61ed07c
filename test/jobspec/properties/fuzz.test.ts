import * as fc from "fast-check";
import { expect, test } from "vitest";
import { graphemeCount } from "../../../src/lib/graphemes.ts";
import { parseJob } from "../../../src/jobspec/parse-job.ts";
import type { Diagnostic, Position } from "../../../src/lib/diagnostic.ts";
import { fuzzText } from "../../support/fuzz-text.ts";
import { patience, runs } from "./runs.ts";

const seeds = fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 }));

test("any text is a job or has its faults at places that it has", { timeout: patience }, () => {
  let [accepted, slowest] = [0, { ms: 0, seed: 0 }];
  const settings = runs(2000);
  fc.assert(
    fc.property(seeds, (seed) => {
      const text = fuzzText(seed);
      const start = performance.now();
      const result = parseJob(text, { file: "t" });
      const ms = performance.now() - start;
      if (ms > slowest.ms) slowest = { ms, seed };
      if (result.ok) accepted += 1;
      else expect(misplaced(text, result.diagnostics)).toEqual([]);
    }),
    settings,
  );
  expect(accepted).toBeGreaterThan(settings.numRuns / 100);
  if (settings.numRuns > 2000)
    console.log(`${settings.numRuns} texts, ${accepted} accepted, slowest`, slowest);
});

/** Diagnostics whose place is not in the text, or a refusal without any. */
function misplaced(text: string, diagnostics: readonly Diagnostic[]): unknown[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const isIn = ({ line, column }: Position): boolean =>
    line >= 1 && column >= 1 && column <= graphemeCount(lines[line - 1] ?? "") + 1;
  const isFine = ({ file, start, end }: Diagnostic): boolean => {
    if (start === undefined || end === undefined) return start === end;
    if (file !== "t") return false;
    const isOrdered =
      start.line < end.line || (start.line === end.line && start.column <= end.column);
    return (
      start.line <= lines.length &&
      end.line <= lines.length &&
      isIn(start) &&
      isIn(end) &&
      isOrdered
    );
  };
  if (diagnostics.length === 0) return ["no diagnostic"];
  return diagnostics.filter((diagnostic) => !isFine(diagnostic));
}
