import type { Attribute, Block, Body, Expression, Label } from "../hcl/ast-types.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { explainUnknown } from "./explain-unknown.ts";
import { spendSteps } from "../hcl/limits.ts";
import { withNames } from "../hcl/scope-types.ts";
import type { Scope } from "../hcl/scope-types.ts";
import { Fault } from "../hcl/source.ts";
import type { Faults } from "../hcl/source.ts";
import { convertValue, entriesOf, objectValue, typeName } from "../hcl/value.ts";
import type { Value } from "../hcl/value-types.ts";
import type { BlockSpec, DecodeContext } from "./spec-types.ts";

/** A block that is made costs more than a value: it has all the fields of its kind. */
const stepsOfBlock = 50;

/** A block to decode: as it is written, or one turn of a `dynamic` block with its own names. */
export interface Piece {
  readonly kind: "block";
  readonly block: Block;
  readonly labels: readonly Label[];
  readonly scope: Scope;
}

/** The items of a body in order, every `dynamic` block replaced by the blocks it makes. */
export function expandBlocks(
  body: Body,
  spec: BlockSpec,
  context: DecodeContext,
): readonly (Attribute | Piece)[] {
  return body.items.flatMap((item): readonly (Attribute | Piece)[] => {
    if (item.kind === "attribute") return [item];
    const isDynamic = item.name === "dynamic" && spec.blocks !== undefined;
    if (!isDynamic)
      return [{ kind: "block", block: item, labels: item.labels, scope: context.scope }];
    return context.faults.attempt(() => expandDynamic(item, spec, context)) ?? [];
  });
}

function expandDynamic(block: Block, spec: BlockSpec, context: DecodeContext): readonly Piece[] {
  const [type, extra] = block.labels;
  const brace = { ...block.braceRange, end: block.braceRange.start };
  if (type === undefined)
    throw new Fault(brace, "Missing name for dynamic", "Its label names the block to make.");
  if (extra !== undefined)
    throw new Fault(extra.range, "Extraneous label for dynamic", "One label is expected.");
  const child =
    spec.blocks !== undefined && Object.hasOwn(spec.blocks, type.text)
      ? spec.blocks[type.text]
      : undefined;
  if (child === undefined)
    throw new Fault(type.range, "Unsupported block type", () =>
      explainUnknown("block", type.text, context),
    );
  const wanted = "spec" in child ? (child.spec.labels?.length ?? 0) : 0;
  const { content, argument } = readDynamic(block, wanted > 0, context.faults);
  const forEach = argument("for_each");
  const labelling = argument("labels");
  const needs = (name: string): void =>
    context.faults.at(brace, "Missing required argument", `The argument "${name}" is required.`);
  if (forEach === undefined) needs("for_each");
  if (labelling === undefined && wanted > 0) needs("labels");
  if (content === undefined)
    context.faults.at(brace, "Missing content block", 'A block named "content" is required.');
  const iterator = iteratorName(argument("iterator")) ?? type.text;
  if (forEach === undefined || content === undefined) return [];
  const made = { ...content, name: type.text, nameRange: block.nameRange };
  const collection = evaluate(forEach, context.scope);
  const entries = entriesOf(collection);
  if (entries === undefined)
    throw new Fault(
      forEach.range,
      "Invalid dynamic for_each value",
      `A ${typeName(collection)} cannot be iterated over.`,
    );
  return entries.map(([key, value]): Piece => {
    spendSteps(context.scope.budget, forEach.range, stepsOfBlock);
    const item = objectValue(
      new Map([
        ["key", key],
        ["value", value],
      ]),
    );
    const scope = withNames(context.scope, [[iterator, item]]);
    const labels = labelsOf(labelling, { wanted, unnamed: { text: "", range: brace } }, scope);
    return { kind: "block", block: { ...made, labels }, labels, scope };
  });
}

function attributeNamed(body: Body, name: string): Expression | undefined {
  for (const item of body.items)
    if (item.kind === "attribute" && item.name === name) return item.value;
  return undefined;
}

function iteratorName(expression: Expression | undefined): string | undefined {
  if (expression === undefined || expression.kind === "name") return expression?.name;
  throw new Fault(expression.range, "Invalid dynamic iterator name", "A bare name is required.");
}

function labelsOf(
  expression: Expression | undefined,
  { wanted, unnamed }: { readonly wanted: number; readonly unnamed: Label },
  scope: Scope,
): readonly Label[] {
  // That they are missing is told already; the content is read all the same.
  if (expression === undefined) return Array.from({ length: wanted }, () => unnamed);
  // Each label has a place of its own where they are written out one by one.
  const labels =
    expression.kind === "tuple"
      ? expression.items.map((item) => labelOf(evaluate(item, scope), item))
      : computedLabels(evaluate(expression, scope), expression);
  const extra = labels[wanted];
  if (extra !== undefined)
    throw new Fault(extra.range, "Extraneous dynamic block label", `${wanted} are expected.`);
  if (labels.length < wanted)
    throw new Fault(
      expression.range,
      "Insufficient dynamic block labels",
      `${wanted} are expected.`,
    );
  return labels;
}

function computedLabels(value: Value, expression: Expression): readonly Label[] {
  if (!("items" in value))
    throw new Fault(expression.range, "Invalid dynamic labels", "A list of texts is required.");
  return value.items.map((item) => labelOf(item, expression));
}

function labelOf(value: Value, { range }: Expression): Label {
  const text = convertValue(value, { kind: "string" });
  if (text?.type === "string") return { text: text.text, range };
  throw new Fault(range, "Invalid dynamic block label", "Every label must be a text.");
}

interface Dynamic {
  readonly content: Block | undefined;
  readonly argument: (name: string) => Expression | undefined;
}

/** What is there too much is told, and the rest is read all the same. */
function readDynamic(block: Block, hasLabels: boolean, faults: Faults): Dynamic {
  const known = ["for_each", "iterator", "content", ...(hasLabels ? ["labels"] : [])];
  for (const item of block.body.items)
    if (!known.includes(item.name))
      faults.at(
        item.nameRange,
        "Unsupported argument in dynamic",
        `This dynamic block takes for_each, iterator,${hasLabels ? " labels" : ""} and one content block.`,
      );
  const contents = block.body.items.filter(
    (item): item is Block => item.kind === "block" && item.name === "content",
  );
  const [content, second] = contents;
  const [label] = content?.labels ?? [];
  if (second !== undefined)
    faults.at(second.nameRange, "Extraneous content block", "Only one is allowed.");
  if (label !== undefined)
    faults.at(label.range, "Extraneous label for content", "No labels are expected.");
  return { content, argument: (name) => attributeNamed(block.body, name) };
}
