import { expect, test } from "vitest";
import {
  Findings,
  outcomeOf,
  UnknownValue,
  valueOf as outcomeValue,
} from "../../../../src/jobspec/core/hcl/findings.ts";
import { createSource, Fault, FinalFault } from "../../../../src/jobspec/core/hcl/source.ts";
import { expressionFaults } from "../../../support/expression-faults.ts";
import { valueOf } from "../../support.ts";

const source = createSource("t", "abcdefgh".repeat(100));
const fault = (start: number, summary = "wrong"): Fault =>
  new Fault({ source, start, end: start + 1 }, summary, "");
const failing = (error: Error) => () => {
  throw error;
};
const thrownBy = (step: () => unknown): unknown => {
  try {
    return step();
  } catch (thrown) {
    return thrown;
  }
};

test("all that is wrong is thrown together, each once and in order", () => {
  const findings = new Findings({});
  expect(findings.attempt(() => 5)).toBe(5);
  for (const start of [3, 1, 3]) findings.attempt(failing(fault(start)));
  findings.attempt(failing(fault(1, "also wrong")));
  const thrown = thrownBy(() => findings.settle());
  if (!(thrown instanceof Fault)) throw new Error("a fault is thrown");
  expect(thrown.all.map(({ range, message }) => [range?.start, message])).toEqual([
    [3, "wrong"],
    [1, "wrong"],
    [1, "also wrong"],
  ]);
  expect(thrown.diagnostic.start?.column).toBe(4);
});

test("nothing found is nothing thrown", () => {
  const findings = new Findings({});
  findings.attempt(() => undefined);
  expect(thrownBy(() => findings.settle())).toBeUndefined();
});

test("a final fault, and any first one where that is enough, is thrown at once", () => {
  const final = new FinalFault(undefined, "no more", "");
  expect(thrownBy(() => new Findings({}).attempt(failing(final)))).toBe(final);
  const first = fault(1);
  expect(thrownBy(() => new Findings({ stopsAtFirst: true }).attempt(failing(first)))).toBe(first);
  const bug = new Error("assertion failed");
  expect(thrownBy(() => new Findings({}).attempt(failing(bug)))).toBe(bug);
});

test("what is unknown hides behind what is wrong", () => {
  const findings = new Findings({});
  findings.attempt(failing(new UnknownValue()));
  expect(thrownBy(() => findings.settle())).toBeInstanceOf(UnknownValue);
  findings.attempt(failing(fault(1)));
  expect(thrownBy(() => findings.settle())).toBeInstanceOf(Fault);
});

test("a hundred are told and no more", () => {
  const findings = new Findings({});
  const thrown = thrownBy(() => {
    for (let start = 0; start < 200; start++) findings.attempt(failing(fault(start)));
  });
  expect(thrown instanceof Fault ? thrown.all.length : 0).toBe(100);
});

test("an outcome can be looked at before it counts", () => {
  expect(outcomeValue(outcomeOf(() => 1))).toBe(1);
  const wrong = fault(1);
  expect(thrownBy(() => outcomeValue(outcomeOf(failing(wrong))))).toBe(wrong);
  expect(outcomeOf(failing(new UnknownValue()))).toEqual({ kind: "unknown" });
});

/** Columns count from 1. What is only wrong because something else is wrong is not told. */
const several: readonly (readonly [text: string, faults: readonly string[]])[] = [
  [
    '[a.b.c, 1 + "x", nope(), o.z]',
    ["13 Invalid operand", "18 Call to unknown function", "27 Unsupported attribute"],
  ],
  ["foo(1) + bar(2)", ["1 Call to unknown function", "10 Call to unknown function"]],
  ["1 + [] + {}", ["5 Invalid operand", "10 Invalid operand"]],
  ["[] * null", ["1 Invalid operand"]],
  ["1 + null", ["1 Invalid operand"]],
  ["null && true", ["1 Invalid operand"]],
  ["!null", ["1 Invalid operand"]],
  ["-[]", ["2 Invalid operand"]],
  ["1 < 2 < 3", ["1 Invalid operand"]],
  ["false && []", ["10 Invalid operand"]],
  ["true || nope()", ["9 Call to unknown function"]],
  ["[] == nope() && nope2()", ["7 Call to unknown function", "17 Call to unknown function"]],
  [
    '"a${[]}b${nope()}c"',
    ["5 Invalid template interpolation value", "11 Call to unknown function"],
  ],
  [
    '"%{ for x in [1, 2] }${x.y}${nope()}%{ endfor }"',
    ["25 Unsupported attribute", "30 Call to unknown function"],
  ],
  ['"%{ if nope() }${foo()}%{ endif }"', ["8 Call to unknown function"]],
  [
    "{ (nope()) = foo(), a = bar() }",
    ["4 Call to unknown function", "14 Call to unknown function", "25 Call to unknown function"],
  ],
  ["{ (null) = 1, ([]) = 2 }", ["12 Null value as key", "15 Incorrect key type"]],
  ["{ a.b = 1, c = nope() }", ["3 Ambiguous attribute key", "16 Call to unknown function"]],
  [
    "[for x in [1, 2, 3] : x.y + nope()]",
    ["24 Unsupported attribute", "29 Call to unknown function"],
  ],
  ["[for x in nope() : foo()]", ["11 Call to unknown function"]],
  ["[for x in [1, 2] : x.y if nope()]", ["27 Call to unknown function"]],
  ["[for x in [] : x if nope(x)]", ["21 Call to unknown function"]],
  ['[for x in [] : x if "yes"]', ["21 Invalid operand"]],
  ["[for x in [] : x if null]", ["21 Invalid operand"]],
  ["{ for x in [1, 1] : x => nope() }", ["26 Call to unknown function", "21 Duplicate object key"]],
  ["{ for x in [1, 2] : nope() => foo() }", ["21 Call to unknown function"]],
  [
    "nope()[foo()].a[bar()]",
    ["1 Call to unknown function", "8 Call to unknown function", "17 Call to unknown function"],
  ],
  ["[1, 2][*][nope()]", ["11 Call to unknown function"]],
  ["[{ a = 1 }, {}, 5][*].a", ["22 Unsupported attribute"]],
  ["nope(1 + [])", ["1 Call to unknown function"]],
  ["upper([], 1 + [])", ["11 Too many function arguments"]],
  [
    "replace([], {}, nope())",
    ["9 Invalid function argument", "13 Invalid function argument", "17 Call to unknown function"],
  ],
  ["replace(null, {}, null)", ["15 Invalid function argument"]],
  ["replace(null, null, null)", ["9 Invalid function argument"]],
  ["max(foo(), nope()...)", ["12 Call to unknown function"]],
  ["max(foo(), 5...)", ["12 Invalid expanding argument value"]],
  ["max(foo(), null...)", ["12 Invalid expanding argument value"]],
  ["max(foo(), [1, {}]...)", ["5 Call to unknown function", "12 Invalid function argument"]],
  ["convert(nope(), word)", ["9 Call to unknown function", "17 Invalid type specification"]],
  ["nope() ? foo() : bar()", ["1 Call to unknown function"]],
  ["nope() ? 1 : []", ["10 Inconsistent conditional result types"]],
  ["null ? foo() : bar()", ["1 Invalid operand"]],
  ["true ? [foo(), bar()] : nope()", ["9 Call to unknown function", "16 Call to unknown function"]],
];

test.each(several)("%s tells each fault that stands on its own", (text, faults) => {
  expect(expressionFaults(text, { o: {} })).toEqual(faults);
});

test("what is wrong in the result that is not taken does not count", () => {
  expect(valueOf('length(x) > 0 ? x[0] : "none"', { x: [] })).toBe("none");
  expect(valueOf('true ? 1 : "a"[0]')).toBe(1);
  expect(valueOf("false ? nope() : [1]")).toEqual([1]);
  expect(valueOf('"%{ if false }${nope()}%{ else }b%{ endif }"')).toBe("b");
});

test("a loop without elements asks its condition only for what is wrong in any case", () => {
  expect(valueOf("[for x in [] : x if x.y > 1 && x[0] == upper(x)]")).toEqual([]);
  expect(valueOf("[for k, v in {} : v if k == v ? nope() : true]")).toEqual([]);
  expect(valueOf("[for x in [] : x if can([for x in [1] : x.y])]")).toEqual([]);
});
