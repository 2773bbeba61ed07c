import { assertNever } from "../../../lib/errors.ts";
import type { Expression, Step, TemplatePart } from "./ast-types.ts";
import type { Range } from "./source.ts";

/** A name that an expression takes from outside, and the first attribute that is asked of it. */
export interface Reference {
  readonly name: string;
  readonly attribute: string | undefined;
  readonly range: Range;
}
type Bound = ReadonlySet<string>;

/** Every name that an expression uses and does not bind itself, from left to right. */
export const referencesOf = (expression: Expression): readonly Reference[] =>
  inside(expression, new Set());

function inside(expression: Expression, bound: Bound): readonly Reference[] {
  const all = (list: readonly Expression[]): readonly Reference[] =>
    list.flatMap((item) => inside(item, bound));
  switch (expression.kind) {
    case "literal":
      return [];
    case "name":
      return bound.has(expression.name)
        ? []
        : [{ name: expression.name, attribute: undefined, range: expression.range }];
    case "template":
      return inParts(expression.parts, bound);
    case "wrap":
    case "parens":
    case "unary":
      return inside(expression.inner, bound);
    case "access":
      return inAccess(expression, bound);
    case "call":
      return all(expression.args);
    case "conditional":
      return all([expression.test, expression.yes, expression.no]);
    case "chain":
      return all([expression.first, ...expression.rest.map((link) => link.right)]);
    case "tuple":
      return all(expression.items);
    case "object":
      // A bare word is a key and no name.
      return expression.items.flatMap(({ key, value }) =>
        all(key.kind === "name" ? [value] : [key, value]),
      );
    case "for":
      return inFor(expression, bound);
    default:
      return assertNever(expression);
  }
}

function inAccess(
  { base, steps }: Extract<Expression, { kind: "access" }>,
  bound: Bound,
): readonly Reference[] {
  const below = inSteps(steps, bound);
  if (base.kind !== "name") return [...inside(base, bound), ...below];
  const [first] = steps;
  const attribute = first?.kind === "attribute" ? first.name : undefined;
  return bound.has(base.name)
    ? below
    : [{ name: base.name, attribute, range: base.range }, ...below];
}

const inSteps = (steps: readonly Step[], bound: Bound): readonly Reference[] =>
  steps.flatMap((step) => {
    if (step.kind === "index") return inside(step.key, bound);
    return step.kind === "splat" ? inSteps(step.steps, bound) : [];
  });

function inFor(loop: Extract<Expression, { kind: "for" }>, bound: Bound): readonly Reference[] {
  const own = withNames(bound, loop);
  const below = [loop.key, loop.value, loop.condition];
  return [
    ...inside(loop.collection, bound),
    ...below.flatMap((item) => (item === undefined ? [] : inside(item, own))),
  ];
}

const inParts = (parts: readonly TemplatePart[], bound: Bound): readonly Reference[] =>
  parts.flatMap((part): readonly Reference[] => {
    switch (part.kind) {
      case "text":
        return [];
      case "value":
        return inside(part.inner, bound);
      case "if":
        return [
          ...inside(part.test, bound),
          ...inParts(part.yes, bound),
          ...inParts(part.no, bound),
        ];
      case "for":
        return [...inside(part.collection, bound), ...inParts(part.body, withNames(bound, part))];
      default:
        return assertNever(part);
    }
  });

const withNames = (
  bound: Bound,
  loop: { readonly keyName: string | undefined; readonly valueName: string },
): Bound =>
  new Set([...bound, loop.valueName, ...(loop.keyName === undefined ? [] : [loop.keyName])]);
