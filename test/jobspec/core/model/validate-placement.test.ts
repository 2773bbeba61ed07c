import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import {
  affinitiesFaults,
  constraintsFaults,
  spreadsFaults,
} from "../../../../src/jobspec/core/model/validate-placement.ts";

const noRegexFault = (): undefined => undefined;
const constraint = (LTarget: string, Operand: string, RTarget: string) => ({
  LTarget,
  Operand,
  RTarget,
});

test.each([
  ["=", "a"],
  ["distinct_property", "2"],
  ["distinct_property", ""],
  ["is_set", ""],
  ["version", ">= 1.2, < 2.0.0-beta1"],
  ["semver", "~> 1.4"],
  ["regexp", "a+"],
  ["set_contains_any", "a,b"],
])("the operator %s takes %j", (operand, value) => {
  expect(textsOf(constraintsFaults([constraint("${a}", operand, value)], noRegexFault))).toEqual(
    [],
  );
});

test.each([
  [constraint("${a}", "", "x"), "Missing constraint operand"],
  [constraint("", "=", "x"), "No LTarget provided but is required by constraint"],
  [constraint("${a}", "=", ""), 'Operator "=" requires an RTarget'],
  [constraint("${a}", "is_set", "x"), 'Operator "is_set" does not support an RTarget'],
  [constraint("${a}", "like", "x"), 'Unknown constraint type "like"'],
  [
    constraint("${a}", "version", "about two"),
    "Version constraint is invalid: Malformed constraint: about two",
  ],
  [constraint("${a}", "semver", "x"), "Semver constraint is invalid: Malformed constraint: x"],
  [constraint("${a}", "set_contains", ""), "Set contains constraint requires an RTarget"],
  [
    constraint("${a}", "distinct_property", "x"),
    'Failed to convert RTarget "x" to uint64: invalid syntax',
  ],
  [
    constraint("${a}", "distinct_property", "0"),
    "Distinct Property must have an allowed count of 1 or greater: 0 < 1",
  ],
])("the constraint %j is refused", (given, fault) => {
  expect(textsOf(constraintsFaults([given], noRegexFault))).toEqual([
    `Constraint 1 validation failed: 1 error occurred:\n\t* ${fault}\n\n`,
  ]);
});

test("distinct_hosts needs no attribute", () => {
  expect(
    textsOf(constraintsFaults([constraint("", "distinct_hosts", "true")], noRegexFault)),
  ).toEqual([]);
});

test("a broken regular expression is refused with its reason", () => {
  const faults = textsOf(constraintsFaults([constraint("${a}", "regexp", "(")], () => "missing )"));
  expect(faults[0]).toContain("Regular expression failed to compile: missing )");
});

const affinity = { ...constraint("${a}", "=", "x"), Weight: 50 };

test.each([
  [{ Weight: 0 }, "Affinity weight cannot be zero"],
  [{ Weight: 101 }, "Affinity weight must be within the range [-100,100]"],
  [{ Operand: "" }, "Missing affinity operand"],
  [{ Operand: "distinct_hosts" }, 'Unknown affinity operator "distinct_hosts"'],
  [{ LTarget: "" }, "No LTarget provided but is required"],
])("the affinity %j is refused", (change, fault) => {
  expect(textsOf(affinitiesFaults([{ ...affinity, ...change }], "service", noRegexFault))).toEqual([
    `Affinity 1 validation failed: 1 error occurred:\n\t* ${fault}\n\n`,
  ]);
});

test("system jobs have neither affinities nor spreads", () => {
  expect(textsOf(affinitiesFaults([affinity], "system", noRegexFault))).toHaveLength(1);
  expect(textsOf(spreadsFaults([], "system"))).toHaveLength(1);
  expect(textsOf(affinitiesFaults(null, "system", noRegexFault))).toEqual([]);
  expect(textsOf(spreadsFaults(null, "system"))).toEqual([]);
});

test.each([
  [{ Attribute: "" }, "Missing spread attribute"],
  [{ Weight: 0 }, "Spread block must have a positive weight from 0 to 100"],
  [
    {
      SpreadTarget: [
        { Value: "a", Percent: 1 },
        { Value: "a", Percent: 2 },
      ],
    },
    'Spread target value "a" already defined',
  ],
  [
    {
      SpreadTarget: [
        { Value: "a", Percent: 60 },
        { Value: "b", Percent: 50 },
      ],
    },
    "Sum of spread target percentages must not be greater than 100%; got 110%",
  ],
])("the spread %j is refused", (change, fault) => {
  const spread = { Attribute: "${a}", Weight: 50, SpreadTarget: null };
  expect(textsOf(spreadsFaults([{ ...spread, ...change }], "service"))).toEqual([
    `Spread 1 validation failed: 1 error occurred:\n\t* ${fault}\n\n`,
  ]);
});

test.each(["=", "==", "is", "!=", "not", "<", "<=", ">", ">="])(
  "the operator %s compares in constraints and affinities",
  (operand) => {
    const given = constraint("${a}", operand, "x");
    expect(textsOf(constraintsFaults([given], noRegexFault))).toEqual([]);
    expect(textsOf(affinitiesFaults([{ ...given, Weight: 50 }], "service", noRegexFault))).toEqual(
      [],
    );
    expect(textsOf(constraintsFaults([{ ...given, RTarget: "" }], noRegexFault))).toHaveLength(1);
  },
);

test.each(["set_contains", "set_contains_all", "set_contains_any", "regexp"])(
  "the operator %s is known in constraints and affinities",
  (operand) => {
    const given = constraint("${a}", operand, "x");
    expect(textsOf(constraintsFaults([given], noRegexFault))).toEqual([]);
    expect(textsOf(affinitiesFaults([{ ...given, Weight: 50 }], "batch", noRegexFault))).toEqual(
      [],
    );
  },
);

test("versions are compared in constraints and affinities, and is_not_set takes no value", () => {
  for (const operand of ["version", "semver"])
    expect(
      textsOf(
        affinitiesFaults(
          [{ ...constraint("${a}", operand, ">= 1"), Weight: 1 }],
          "batch",
          noRegexFault,
        ),
      ),
    ).toEqual([]);
  expect(textsOf(constraintsFaults([constraint("${a}", "is_not_set", "")], noRegexFault))).toEqual(
    [],
  );
  expect(
    textsOf(constraintsFaults([constraint("${a}", "is_not_set", "x")], noRegexFault))[0],
  ).toContain('Operator "is_not_set" does not support an RTarget');
  expect(
    textsOf(constraintsFaults([constraint("${a}", "distinct_property", "1")], noRegexFault)),
  ).toEqual([]);
});

test("weights and shares may be as large as a hundred", () => {
  for (const Weight of [-100, -1, 1, 100])
    expect(textsOf(affinitiesFaults([{ ...affinity, Weight }], "service", noRegexFault))).toEqual(
      [],
    );
  expect(
    textsOf(affinitiesFaults([{ ...affinity, Weight: -101 }], "service", noRegexFault)),
  ).toHaveLength(1);
  const spread = (Weight: number, shares: readonly number[]): readonly string[] => {
    const SpreadTarget = shares.map((Percent, at) => ({ Value: `v${at}`, Percent }));
    return textsOf(spreadsFaults([{ Attribute: "${a}", Weight, SpreadTarget }], "service"));
  };
  for (const fine of [spread(1, []), spread(100, [100]), spread(50, [60, 40]), spread(50, [0])])
    expect(fine).toEqual([]);
  expect(spread(101, [])[0]).toContain("must have a positive weight");
  expect(spread(-1, [])[0]).toContain("must have a positive weight");
  expect(spread(50, [101])[0]).toContain('for value "v0" must be between 0 and 100');
});

test("the faulty one of several is told by its number", () => {
  const fine = constraint("${a}", "=", "x");
  expect(textsOf(constraintsFaults([fine, { ...fine, LTarget: "" }], noRegexFault))[0]).toMatch(
    /^Constraint 2 validation failed/,
  );
  expect(
    textsOf(affinitiesFaults([affinity, { ...affinity, Weight: 0 }], "service", noRegexFault))[0],
  ).toMatch(/^Affinity 2 validation failed/);
});
