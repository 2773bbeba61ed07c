import type { Json } from "../../src/lib/json.ts";
import { readWholeExpression } from "../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../src/jobspec/core/hcl/evaluate.ts";
import { createSource, Faults } from "../../src/jobspec/core/hcl/source.ts";
import { scopeWith } from "../jobspec/support.ts";

/** Every fault of an expression as "COLUMN Summary", or "LINE,COLUMN Summary" behind its first line. */
export function expressionFaults(
  text: string,
  names: { readonly [name: string]: Json } = {},
): readonly string[] {
  const faults = new Faults();
  faults.attempt(() => evaluate(readWholeExpression(createSource("t", text)), scopeWith(names)));
  return faults.list.map(({ start, summary }) => {
    const line = start === undefined || start.line === 1 ? "" : `${start.line},`;
    return `${line}${start?.column} ${summary}`;
  });
}
