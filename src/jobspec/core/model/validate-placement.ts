import type { Affinity, Constraint, Spread } from "../../../model/job.ts";
import { faultsOf, nested, quoted, repeated } from "./faults.ts";

/** Says what is wrong with a regular expression; undefined when it compiles. */
export type RegexFault = (pattern: string) => string | undefined;

const comparisons = ["=", "==", "is", "!=", "not", "<", "<=", ">", ">="];
const sets = ["set_contains", "set_contains_all", "set_contains_any"];
const versionPart =
  /^\s*(=|!=|>|<|>=|<=|~>)?\s*v?\d+(\.\d+)*(-[0-9A-Za-z.~-]+)?(\+[0-9A-Za-z.~-]+)?\s*$/;

export const constraintsFaults = (
  constraints: readonly Constraint[] | null,
  regexFault: RegexFault,
): string[] =>
  (constraints ?? []).flatMap((constraint, at) =>
    nested(`Constraint ${at + 1} validation failed`, constraintFaults(constraint, regexFault)),
  );

function constraintFaults(constraint: Constraint, regexFault: RegexFault): string[] {
  const { LTarget, RTarget, Operand } = constraint;
  if (Operand === "") return ["Missing constraint operand"];
  return [
    ...operandFaults(Operand, RTarget, regexFault),
    ...faultsOf([
      LTarget === "" && Operand !== "distinct_hosts",
      "No LTarget provided but is required by constraint",
    ]),
  ];
}

function operandFaults(operand: string, value: string, regexFault: RegexFault): string[] {
  if (operand === "distinct_hosts") return [];
  if (sets.includes(operand))
    return faultsOf([value === "", "Set contains constraint requires an RTarget"]);
  if (operand === "regexp") return regexFaults(value, regexFault);
  if (operand === "version")
    return faultsOf([!isVersionRange(value), `Version constraint is invalid: ${malformed(value)}`]);
  if (operand === "semver")
    return faultsOf([!isVersionRange(value), `Semver constraint is invalid: ${malformed(value)}`]);
  if (operand === "distinct_property") return distinctPropertyFaults(value);
  if (operand === "is_set" || operand === "is_not_set")
    return faultsOf([value !== "", `Operator ${quoted(operand)} does not support an RTarget`]);
  if (comparisons.includes(operand))
    return faultsOf([value === "", `Operator ${quoted(operand)} requires an RTarget`]);
  return [`Unknown constraint type ${quoted(operand)}`];
}

function regexFaults(pattern: string, regexFault: RegexFault): string[] {
  const fault = regexFault(pattern);
  return fault === undefined ? [] : [`Regular expression failed to compile: ${fault}`];
}

function distinctPropertyFaults(value: string): string[] {
  if (value === "") return [];
  if (!/^\d{1,19}$/.test(value))
    return [`Failed to convert RTarget ${quoted(value)} to uint64: invalid syntax`];
  return faultsOf([
    Number(value) < 1,
    () => `Distinct Property must have an allowed count of 1 or greater: ${value} < 1`,
  ]);
}

const isVersionRange = (text: string): boolean =>
  text.split(",").every((part) => versionPart.test(part));
const malformed = (text: string): string => `Malformed constraint: ${text}`;

export const affinitiesFaults = (
  affinities: readonly Affinity[] | null,
  type: string,
  regexFault: RegexFault,
): string[] => {
  if (type === "system")
    return faultsOf([affinities !== null, "System jobs may not have an affinity block"]);
  return (affinities ?? []).flatMap((affinity, at) =>
    nested(`Affinity ${at + 1} validation failed`, affinityFaults(affinity, regexFault)),
  );
};

function affinityFaults(affinity: Affinity, regexFault: RegexFault): string[] {
  const { LTarget, RTarget, Operand, Weight } = affinity;
  if (Operand === "") return ["Missing affinity operand"];
  return [
    ...affinityOperandFaults(Operand, RTarget, regexFault),
    ...faultsOf(
      [LTarget === "", "No LTarget provided but is required"],
      [Weight === 0, "Affinity weight cannot be zero"],
      [Weight > 100 || Weight < -100, "Affinity weight must be within the range [-100,100]"],
    ),
  ];
}

function affinityOperandFaults(operand: string, value: string, regexFault: RegexFault): string[] {
  const isKnown = [...comparisons, ...sets, "regexp", "version", "semver"].includes(operand);
  return isKnown
    ? operandFaults(operand, value, regexFault)
    : [`Unknown affinity operator ${quoted(operand)}`];
}

export const spreadsFaults = (spreads: readonly Spread[] | null, type: string): string[] => {
  if (type === "system")
    return faultsOf([spreads !== null, "System jobs may not have a spread block"]);
  return (spreads ?? []).flatMap((spread, at) =>
    nested(`Spread ${at + 1} validation failed`, spreadFaults(spread)),
  );
};

function spreadFaults(spread: Spread): string[] {
  const targets = spread.SpreadTarget ?? [];
  const sum = targets.reduce((total, target) => total + target.Percent, 0);
  return [
    ...faultsOf(
      [spread.Attribute === "", "Missing spread attribute"],
      [
        spread.Weight <= 0 || spread.Weight > 100,
        "Spread block must have a positive weight from 0 to 100",
      ],
    ),
    ...repeated(targets.map((target) => target.Value)).map(
      ({ name }) => `Spread target value ${quoted(name)} already defined`,
    ),
    ...targets
      .filter((target) => target.Percent > 100)
      .map(
        (target) =>
          `Spread target percentage for value ${quoted(target.Value)} must be between 0 and 100`,
      ),
    ...faultsOf([
      sum > 100,
      () => `Sum of spread target percentages must not be greater than 100%; got ${sum}%`,
    ]),
  ];
}
