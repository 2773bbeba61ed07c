import type { Affinity, Constraint, Spread } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated } from "./faults.ts";
import type { JobFault } from "./faults.ts";

/** Says what is wrong with a regular expression; undefined when it compiles. */
export type RegexFault = (pattern: string) => string | undefined;

const comparisons = ["=", "==", "is", "!=", "not", "<", "<=", ">", ">="];
const sets = ["set_contains", "set_contains_all", "set_contains_any"];
const versionPart =
  /^\s*(=|!=|>|<|>=|<=|~>)?\s*v?\d+(\.\d+)*(-[0-9A-Za-z.~-]+)?(\+[0-9A-Za-z.~-]+)?\s*$/;

export const constraintsFaults = (
  constraints: readonly Constraint[] | null,
  regexFault: RegexFault,
): JobFault[] =>
  eachOf("Constraints", constraints, (constraint, at) =>
    nested(`Constraint ${at + 1} validation failed`, constraintFaults(constraint, regexFault)),
  );

function constraintFaults(constraint: Constraint, regexFault: RegexFault): JobFault[] {
  const { LTarget, RTarget, Operand } = constraint;
  if (Operand === "") return faultsOf([true, "Missing constraint operand", "Operand"]);
  return [
    ...operandFaults(Operand, RTarget, regexFault),
    ...faultsOf([
      LTarget === "" && Operand !== "distinct_hosts",
      "No LTarget provided but is required by constraint",
      "LTarget",
    ]),
  ];
}

function operandFaults(operand: string, value: string, regexFault: RegexFault): JobFault[] {
  if (operand === "distinct_hosts") return [];
  if (sets.includes(operand))
    return faultsOf([value === "", "Set contains constraint requires an RTarget", "RTarget"]);
  if (operand === "regexp") return regexFaults(value, regexFault);
  if (operand === "version")
    return faultsOf([
      !isVersionRange(value),
      () => `Version constraint is invalid: ${malformed(value)}`,
      "RTarget",
    ]);
  if (operand === "semver")
    return faultsOf([
      !isVersionRange(value),
      () => `Semver constraint is invalid: ${malformed(value)}`,
      "RTarget",
    ]);
  if (operand === "distinct_property") return distinctPropertyFaults(value);
  if (operand === "is_set" || operand === "is_not_set")
    return faultsOf([
      value !== "",
      () => `Operator ${quoted(operand)} does not support an RTarget`,
      "RTarget",
    ]);
  if (comparisons.includes(operand))
    return faultsOf([
      value === "",
      () => `Operator ${quoted(operand)} requires an RTarget`,
      "RTarget",
    ]);
  return faultsOf([true, `Unknown constraint type ${quoted(operand)}`, "Operand"]);
}

function regexFaults(pattern: string, regexFault: RegexFault): JobFault[] {
  const fault = regexFault(pattern);
  return faultsOf([
    fault !== undefined,
    () => `Regular expression failed to compile: ${fault}`,
    "RTarget",
  ]);
}

function distinctPropertyFaults(value: string): JobFault[] {
  if (value === "") return [];
  if (!/^\d{1,19}$/.test(value))
    return faultsOf([
      true,
      `Failed to convert RTarget ${quoted(value)} to uint64: invalid syntax`,
      "RTarget",
    ]);
  return faultsOf([
    Number(value) < 1,
    () => `Distinct Property must have an allowed count of 1 or greater: ${value} < 1`,
    "RTarget",
  ]);
}

const isVersionRange = (text: string): boolean =>
  text.split(",").every((part) => versionPart.test(part));
const malformed = (text: string): string => `Malformed constraint: ${text}`;

export const affinitiesFaults = (
  affinities: readonly Affinity[] | null,
  type: string,
  regexFault: RegexFault,
): JobFault[] => {
  if (type === "system")
    return faultsOf([
      affinities !== null,
      "System jobs may not have an affinity block",
      "Affinities",
      0,
    ]);
  return eachOf("Affinities", affinities, (affinity, at) =>
    nested(`Affinity ${at + 1} validation failed`, affinityFaults(affinity, regexFault)),
  );
};

function affinityFaults(affinity: Affinity, regexFault: RegexFault): JobFault[] {
  const { LTarget, RTarget, Operand, Weight } = affinity;
  if (Operand === "") return faultsOf([true, "Missing affinity operand", "Operand"]);
  return [
    ...affinityOperandFaults(Operand, RTarget, regexFault),
    ...faultsOf(
      [LTarget === "", "No LTarget provided but is required", "LTarget"],
      [Weight === 0, "Affinity weight cannot be zero", "Weight"],
      [
        Weight > 100 || Weight < -100,
        "Affinity weight must be within the range [-100,100]",
        "Weight",
      ],
    ),
  ];
}

function affinityOperandFaults(operand: string, value: string, regexFault: RegexFault): JobFault[] {
  const isKnown = [...comparisons, ...sets, "regexp", "version", "semver"].includes(operand);
  return isKnown
    ? operandFaults(operand, value, regexFault)
    : faultsOf([true, `Unknown affinity operator ${quoted(operand)}`, "Operand"]);
}

export const spreadsFaults = (spreads: readonly Spread[] | null, type: string): JobFault[] => {
  if (type === "system")
    return faultsOf([spreads !== null, "System jobs may not have a spread block", "Spreads", 0]);
  return eachOf("Spreads", spreads, (spread, at) =>
    nested(`Spread ${at + 1} validation failed`, spreadFaults(spread)),
  );
};

function spreadFaults(spread: Spread): JobFault[] {
  const targets = spread.SpreadTarget ?? [];
  const sum = targets.reduce((total, target) => total + target.Percent, 0);
  return [
    ...faultsOf(
      [spread.Attribute === "", "Missing spread attribute", "Attribute"],
      [
        spread.Weight <= 0 || spread.Weight > 100,
        "Spread block must have a positive weight from 0 to 100",
        "Weight",
      ],
    ),
    ...repeated(targets.map((target) => target.Value)).map(({ name, again }): JobFault => ({
      text: `Spread target value ${quoted(name)} already defined`,
      path: ["SpreadTarget", again - 1],
    })),
    ...eachOf("SpreadTarget", targets, (target) =>
      faultsOf([
        target.Percent > 100,
        () =>
          `Spread target percentage for value ${quoted(target.Value)} must be between 0 and 100`,
        "Percent",
      ]),
    ),
    ...faultsOf([
      sum > 100,
      () => `Sum of spread target percentages must not be greater than 100%; got ${sum}%`,
    ]),
  ];
}
