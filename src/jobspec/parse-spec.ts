import type { Diagnostic } from "../lib/diagnostic.ts";
import type { Json } from "../lib/json.ts";
import type { Body } from "./core/hcl/ast-types.ts";
import { readBody } from "./core/hcl/body.ts";
import { evaluate } from "./core/hcl/evaluate.ts";
import { fullBudget } from "./core/hcl/limits.ts";
import type { Scope } from "./core/hcl/scope-types.ts";
import { createSource, Fault, Faults } from "./core/hcl/source.ts";
import { toJson } from "./core/hcl/value.ts";

/** One labelled block of a small file that is no job: `node_pool "rim" { ... }`. Blocks within are objects. */
export interface Spec {
  readonly label: string;
  readonly body: { readonly [name: string]: Json };
}
export type ParseSpecResult =
  | { readonly ok: true; readonly spec: Spec }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads the only block of that type. Neither functions nor variables are known in such files. */
export function parseSpec(
  text: string,
  options: { readonly file: string; readonly block: string },
): ParseSpecResult {
  const faults = new Faults();
  const tree = readBody(createSource(options.file, text), faults);
  const spec = tree && faults.attempt(() => specOf(tree, options.block));
  return spec === undefined ? { ok: false, diagnostics: faults.list } : { ok: true, spec };
}

function specOf(tree: Body, type: string): Spec {
  const [item, second] = tree.items;
  const expected = `A single ${type} block with one label is expected in this file.`;
  if (item === undefined || second !== undefined)
    throw new Fault(second?.nameRange, `Not one ${type} block`, expected);
  const [label, extra] = item.kind === "block" ? item.labels : [];
  if (item.kind !== "block" || item.name !== type || label === undefined || extra !== undefined)
    throw new Fault(item.nameRange, `Not a ${type} block`, expected);
  const scope: Scope = {
    functions: new Map(),
    names: new Map(),
    namespaces: new Map(),
    keepsUnknown: false,
    budget: fullBudget(),
  };
  return { label: label.text, body: objectOf(item.body, scope) };
}

function objectOf(body: Body, scope: Scope): { readonly [name: string]: Json } {
  const entries = new Map<string, Json>();
  for (const item of body.items) {
    if (entries.has(item.name))
      throw new Fault(item.nameRange, `Second ${item.name}`, `"${item.name}" is given already.`);
    entries.set(
      item.name,
      item.kind === "block" ? objectOf(item.body, scope) : toJson(evaluate(item.value, scope)),
    );
  }
  return Object.fromEntries(entries);
}
