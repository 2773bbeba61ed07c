import type { Body, Expression, Step } from "../hcl/ast-types.ts";
import { assertNever } from "../../../lib/errors.ts";
import type { Range } from "../hcl/source.ts";

/** Names whose values the reader knows; a reference to anything else stays as the text that is written. */
const knownRoots = new Set(["var", "local"]);

/** Start and end of everything whose inside means something as it is written: quoted texts, heredocs, kept references. */
export function fixedRanges(body: Body): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  fixBody(body, (range) => ends.set(range.start, range.end));
  return ends;
}

type Fix = (range: Range) => void;

function fixBody(body: Body, fix: Fix): void {
  for (const item of body.items) {
    if (item.kind === "attribute") {
      fixIn(item.value, fix);
      continue;
    }
    for (const label of item.labels) fix(label.range);
    fixBody(item.body, fix);
  }
}

function fixIn(expression: Expression | undefined, fix: Fix): void {
  if (expression === undefined) return;
  if (isFixed(expression)) fix(expression.range);
  else for (const part of partsOf(expression)) fixIn(part, fix);
}

function isFixed(expression: Expression): boolean {
  if (expression.kind === "template" || expression.kind === "wrap") return true;
  if (expression.kind !== "access") return false;
  return expression.base.kind === "name" && !knownRoots.has(expression.base.name);
}

function partsOf(expression: Expression): readonly (Expression | undefined)[] {
  switch (expression.kind) {
    case "literal":
    case "name":
    case "template":
      return [];
    case "access":
      return [expression.base, ...keysOf(expression.steps)];
    case "call":
      return expression.args;
    case "conditional":
      return [expression.test, expression.yes, expression.no];
    case "chain":
      return [expression.first, ...expression.rest.map((link) => link.right)];
    case "unary":
    case "parens":
    case "wrap":
      return [expression.inner];
    case "tuple":
      return expression.items;
    case "object":
      return expression.items.flatMap((item) => [item.key, item.value]);
    case "for":
      return [expression.collection, expression.key, expression.value, expression.condition];
    default:
      return assertNever(expression);
  }
}

function keysOf(steps: readonly Step[]): readonly Expression[] {
  return steps.flatMap((step) => {
    if (step.kind === "index") return [step.key];
    return step.kind === "splat" ? keysOf(step.steps) : [];
  });
}
