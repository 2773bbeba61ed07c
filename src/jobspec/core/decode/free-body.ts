import type { Json, JsonObject } from "../../../lib/json.ts";
import type { Block, Expression } from "../hcl/ast-types.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { spendSize } from "../hcl/limits.ts";
import { startRange } from "../hcl/operators.ts";
import { Fault } from "../hcl/source.ts";
import { toJson } from "../hcl/value.ts";
import type { Value } from "../hcl/value-types.ts";
import { decodeArgument } from "./argument.ts";
import { fieldOf, headOf } from "./places.ts";
import type { DecodeContext } from "./spec-types.ts";

/** Every label is one level of maps, and whatever goes through these does so by recursion. */
const mostLabels = 50;

/** A body that only a plugin understands: blocks become lists of maps, labels nested maps around them. */
export function decodeFreeBody(block: Block, context: DecodeContext): JsonObject {
  const values = new Map<string, Json>();
  const lists = new Map<string, Json[]>();
  for (const item of block.body.items) {
    if (item.kind === "attribute") {
      if (values.has(item.name))
        context.faults.at(item.nameRange, "Attribute redefined", `"${item.name}" is set twice.`);
      const value = context.faults.attempt(() => freeValue(item.value, context));
      if (value !== undefined) values.set(item.name, value);
      continue;
    }
    const tooMany = item.labels[mostLabels];
    if (tooMany !== undefined) {
      const detail = `A block has no more than ${mostLabels} labels here.`;
      context.faults.at(tooMany.range, "Too many labels", detail);
      continue;
    }
    let inner: Json = decodeFreeBody(item, context);
    for (const label of item.labels.toReversed()) inner = { [label.text]: [inner] };
    const list = lists.get(item.name) ?? [];
    list.push(inner);
    lists.set(item.name, list);
  }
  const done = Object.fromEntries([...values, ...lists]);
  keepPlace(done, block, context);
  return done;
}

function keepPlace(value: object, block: Block, { places }: DecodeContext): void {
  const arguments_ = block.body.items.filter((item) => item.kind === "attribute");
  places?.keep(value, {
    head: headOf(block),
    fields: new Map(arguments_.map((item) => [item.name, fieldOf(item)])),
  });
}

/** An object that is written out becomes a list of one map; one that is computed stays a map. */
function freeValue(expression: Expression, context: DecodeContext): Json {
  const value = evaluate(expression, context.scope);
  if (hasInfinity(value))
    throw new Fault(startRange(expression), "Unsuitable value", "A number here is infinite.");
  spendSize(context.scope.budget, expression.range, value);
  const json = toJson(value);
  return expression.kind === "object" ? [json] : json;
}

function hasInfinity(value: Value): boolean {
  if (value.type === "number") return value.number.infinite !== 0;
  if ("items" in value) return value.items.some(hasInfinity);
  return "entries" in value && [...value.entries.values()].some(hasInfinity);
}

/** A body of arguments with any names and one type of value, such as `meta` and `env`. */
export function decodeOpenBody(
  block: Block,
  type: "string" | "strings",
  context: DecodeContext,
): JsonObject {
  const out = new Map<string, Json>();
  for (const item of block.body.items) {
    if (item.kind === "block") {
      const detail = "Blocks are not allowed here; this block holds arguments only.";
      context.faults.at(item.braceRange, "Unexpected block", detail);
      continue;
    }
    if (out.has(item.name))
      context.faults.at(item.nameRange, "Attribute redefined", `"${item.name}" is set twice.`);
    const value = context.faults.attempt(() =>
      decodeArgument(item.value, { key: item.name, type, mark: "!" }, context.scope),
    );
    out.set(item.name, value ?? "");
  }
  const done = Object.fromEntries(out);
  keepPlace(done, block, context);
  return done;
}
