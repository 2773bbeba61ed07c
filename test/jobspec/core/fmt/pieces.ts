import { readBody } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";
import type { Source } from "../../../../src/jobspec/core/hcl/source.ts";
import { fixedRanges } from "../../../../src/jobspec/core/fmt/fixed-ranges.ts";
import { readLines } from "../../../../src/jobspec/core/fmt/read-lines.ts";
import type { Line } from "../../../../src/jobspec/core/fmt/token-types.ts";

export function fixedIn(text: string): {
  readonly source: Source;
  readonly fixed: ReadonlyMap<number, number>;
} {
  const source = createSource("t", text);
  const body = readBody(source, new Faults());
  if (body === undefined) throw new Error(`the text has a fault: ${text}`);
  return { source, fixed: fixedRanges(body) };
}

export function linesOf(text: string): readonly Line[] {
  const { source, fixed } = fixedIn(text);
  return readLines(source, fixed);
}
