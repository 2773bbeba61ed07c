import type { Body, Expression } from "../hcl/ast-types.ts";
import { evaluate } from "../hcl/evaluate.ts";
import type { Namespace, Scope } from "../hcl/scope-types.ts";
import { Fault } from "../hcl/source.ts";
import type { Faults } from "../hcl/source.ts";
import type { Value } from "../hcl/value-types.ts";
import { refuseLabels } from "./variables.ts";

/** The locals of a file. Each is worked out when it is first asked for, so their order does not matter. */
export function resolveLocals(
  body: Body,
  scopeOf: (locals: Namespace) => Scope,
  faults: Faults,
): Scope {
  const expressions = collect(body, faults);
  const done = new Map<string, Value | Fault>();
  const open = new Set<string>();
  const get: Namespace["get"] = (name, range) => {
    const expression = expressions.get(name);
    if (expression === undefined) return undefined;
    if (open.has(name))
      throw new Fault(range, "Circular reference", `The local "${name}" depends on itself.`);
    const known = done.get(name);
    if (known instanceof Fault) throw known;
    if (known !== undefined) return known;
    open.add(name);
    try {
      const value = evaluate(expression, scope);
      done.set(name, value);
      return value;
    } catch (thrown) {
      if (thrown instanceof Fault) done.set(name, thrown);
      throw thrown;
    } finally {
      open.delete(name);
    }
  };
  const scope = scopeOf({ get, names: () => [...expressions.keys()] });
  for (const [name, { range }] of expressions) faults.attempt(() => get(name, range));
  return scope;
}

function collect(body: Body, faults: Faults): ReadonlyMap<string, Expression> {
  const expressions = new Map<string, Expression>();
  for (const block of body.items) {
    if (block.kind !== "block" || block.name !== "locals") continue;
    refuseLabels(block, faults);
    const own = new Set<string>();
    for (const item of block.body.items) {
      if (item.kind === "block") {
        faults.at(item.nameRange, "Unexpected block", "A locals block holds arguments only.");
        continue;
      }
      if (own.has(item.name))
        faults.at(item.nameRange, "Attribute redefined", `"${item.name}" is set twice.`);
      own.add(item.name);
      expressions.set(item.name, item.value);
    }
  }
  return expressions;
}
