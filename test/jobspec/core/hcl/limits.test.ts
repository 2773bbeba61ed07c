import { expect, test } from "vitest";
import {
  bounded,
  enter,
  fullBudget,
  leave,
  spendSize,
  spendSteps,
} from "../../../../src/jobspec/core/hcl/limits.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import type { Range } from "../../../../src/jobspec/core/hcl/source.ts";
import {
  nullValue,
  objectValue,
  textValue,
  tupleValue,
} from "../../../../src/jobspec/core/hcl/value.ts";
import type { Value } from "../../../../src/jobspec/core/hcl/value-types.ts";
import { faultOf, faultsOf } from "../../support.ts";

test("a value that doubles with every line is refused", () => {
  const lines = Array.from({ length: 40 }, (_, at) => `a${at + 1} = [local.a${at}, local.a${at}]`);
  const text = `locals {\na0 = ["x"]\n${lines.join("\n")}\n}\njob "j" {\n}`;
  expect(faultsOf(text)[0]).toContain("Value too large");
});

test("text that doubles with every line is refused", () => {
  const lines = Array.from(
    { length: 40 },
    (_, at) => `a${at + 1} = "\${local.a${at}}\${local.a${at}}"`,
  );
  expect(faultsOf(`locals {\na0 = "x"\n${lines.join("\n")}\n}\njob "j" {\n}`)[0]).toContain(
    "Value too large",
  );
});

const loops = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]";

test("loops inside loops end, and what was too much is told once, with its place and what to do", () => {
  const faults = faultsOf(`job "j" {\nid = ${loops}\nname = "x"\nregion = ${loops}\n}`);
  expect(faults).toEqual([
    expect.stringMatching(
      /^t:2,\d+-\d+: Too much to evaluate; .*500,000 steps.*Look for loops inside loops/,
    ),
  ]);
});

test("what is too much cannot be tried", () => {
  expect(faultsOf(`job "j" {\nid = try(${loops}, "x")\n}`)[0]).toContain("Too much to evaluate");
  expect(faultsOf(`job "j" {\nmeta = { a = can(${loops}) }\n}`)[0]).toContain(
    "Too much to evaluate",
  );
});

test("all values of a text share what may be spent", () => {
  const half = "length([for a in range(250) : [for b in range(250) : b]])";
  const text = (count: number): string => {
    const lines = Array.from({ length: count }, (_, at) => `a${at} = ${half}`);
    return `locals {\n${lines.join("\n")}\n}\njob "j" {\n}`;
  };
  expect(faultsOf(text(1)).join()).not.toContain("Too much to evaluate");
  expect(faultsOf(text(2)).join()).toContain("Too much to evaluate");
});

test("a text is read up to a number of words and signs", () => {
  const lines = (count: number): string => `job "j" {\nmeta {\n${"a = 1\n".repeat(count)}}\n}`;
  expect(faultsOf(lines(80_000))).toEqual([
    expect.stringMatching(/^t:7500\d,\d.*Too much to read; .*300,000 words and signs.*dynamic/),
  ]);
  expect(faultsOf(`{"job":{"j":{"meta":{"a":[${"1,".repeat(300_000)}1]}}}}`)).toEqual([
    expect.stringContaining("Too much to read"),
  ]);
});

test("a text that is too long is refused before it is read", () => {
  const long = (count: number): string => `job "j" {\nmeta { a = "${"x".repeat(count)}" }\n}`;
  expect(faultsOf(long(1_900_000))).toEqual([]);
  expect(faultsOf(long(2_000_000))).toEqual([expect.stringContaining("Text too long")]);
  expect(faultsOf(`{"job":{"j":{"name":"${"x".repeat(2_000_000)}"}}}`)).toEqual([
    expect.stringContaining("Text too long"),
  ]);
});

test("numbers with thousands of digits count as many words", () => {
  const numbers = (count: number): string => `job "j" {\nid = [${"1e5999,".repeat(count)}]\n}`;
  expect(faultsOf(numbers(6000))[0]).toContain("Too much to read");
  expect(faultsOf(numbers(1000))[0]).not.toContain("Too much to read");
});

const range: Range = { source: createSource("t", "x"), start: 0, end: 1 };
const nested = (levels: number): Value =>
  Array.from({ length: levels }).reduce<Value>((inner) => tupleValue([inner]), nullValue);

test("half a million steps are allowed and not one more", () => {
  const budget = fullBudget();
  spendSteps(budget, range, 500_000);
  expect(faultOf(() => spendSteps(budget, range, 1))).toBe("1,1 Too much to evaluate");
});

test("evaluating may nest 600 deep, and what was left can be entered again", () => {
  const budget = fullBudget();
  for (let depth = 0; depth < 600; depth++) enter(budget, range);
  expect(faultOf(() => enter(budget, range))).toBe("1,1 Nested too deeply");
  leave(budget);
  expect(faultOf(() => enter(budget, range))).toBe("nothing");
});

test("a value may be as large and as deep as is told", () => {
  const text = textValue("x".repeat(3_999_984));
  expect(bounded(text, range)).toBe(text);
  expect(faultOf(() => bounded(tupleValue([text]), range))).toBe("1,1 Value too large");
  expect(faultOf(() => bounded(nested(300), range))).toBe("nothing");
  expect(faultOf(() => bounded(nested(301), range))).toBe("1,1 Nested too deeply");
});

test("the names of an object count for its size", () => {
  const named = (length: number): Value => objectValue(new Map([["k".repeat(length), nullValue]]));
  expect(faultOf(() => bounded(named(3_999_952), range))).toBe("nothing");
  expect(faultOf(() => bounded(named(3_999_953), range))).toBe("1,1 Value too large");
});

test("going through a value costs a step for every 64 units of its size", () => {
  const spent = (size: number): number => {
    const budget = fullBudget();
    spendSize(budget, range, textValue("x".repeat(size - 16)));
    return fullBudget().steps - budget.steps;
  };
  expect([63, 64, 127, 128, 6400].map(spent)).toEqual([0, 1, 2, 2, 100]);
});
