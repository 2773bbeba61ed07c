import type { Constraint } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { resolveTarget } from "./targets.ts";
import { versionMatches } from "./versions.ts";

/** Linear-time search of a pattern in a text; undefined when the pattern is invalid. */
export type RegexpSearch = (pattern: string, text: string) => boolean | undefined;

/** Does the node satisfy the constraint? Rules over several nodes (distinct_*) are judged elsewhere and pass here. */
export function nodeSatisfies(constraint: Constraint, node: Node, search: RegexpSearch): boolean {
  const left = resolveTarget(constraint.LTarget, node);
  const right = resolveTarget(constraint.RTarget, node);
  switch (constraint.Operand) {
    case "distinct_hosts":
    case "distinct_property":
      return true;
    case "!=":
    case "not":
      return left !== right;
    case "is_set":
      return left !== undefined;
    case "is_not_set":
      return left === undefined;
    default:
      return (
        left !== undefined &&
        right !== undefined &&
        compare(constraint.Operand, left, right, search)
      );
  }
}

/** How a constraint is named in the metrics of a placement. */
export const constraintText = (constraint: Constraint): string =>
  `${constraint.LTarget} ${constraint.Operand} ${constraint.RTarget}`;

function compare(operand: string, left: string, right: string, search: RegexpSearch): boolean {
  switch (operand) {
    case "=":
    case "==":
    case "is":
      return left === right;
    case "<":
      return order(left, right) < 0;
    case "<=":
      return order(left, right) <= 0;
    case ">":
      return order(left, right) > 0;
    case ">=":
      return order(left, right) >= 0;
    case "regexp":
      return search(right, left) === true;
    case "version":
      return versionMatches(left, right, "version") === true;
    case "semver":
      return versionMatches(left, right, "semver") === true;
    case "set_contains":
    case "set_contains_all":
      return parts(right).every((part) => parts(left).includes(part));
    case "set_contains_any":
      return parts(right).some((part) => parts(left).includes(part));
    default:
      return false;
  }
}

const parts = (text: string): string[] => text.split(",").map((part) => part.trim());

/** Numbers compare as numbers, everything else as text. */
function order(left: string, right: string): number {
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
  if (number.test(left) && number.test(right)) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}
