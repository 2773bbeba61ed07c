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

test("loops inside loops end", () => {
  const text =
    'job "j" {\nid = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]\n}';
  expect(faultsOf(text)[0]).toContain("Too much to evaluate");
});

const range: Range = { source: createSource("t", "x"), start: 0, end: 1 };
const nested = (levels: number): Value =>
  Array.from({ length: levels }).reduce<Value>((inner) => tupleValue([inner]), nullValue);

test("a million steps are allowed and not one more", () => {
  const budget = fullBudget();
  spendSteps(budget, range, 1_000_000);
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
  const text = textValue("x".repeat(3_999_999));
  expect(bounded(text, range)).toBe(text);
  expect(faultOf(() => bounded(tupleValue([text]), range))).toBe("1,1 Value too large");
  expect(faultOf(() => bounded(nested(300), range))).toBe("nothing");
  expect(faultOf(() => bounded(nested(301), range))).toBe("1,1 Nested too deeply");
});

test("the names of an object count for its size", () => {
  const named = (length: number): Value => objectValue(new Map([["k".repeat(length), nullValue]]));
  expect(faultOf(() => bounded(named(3_999_998), range))).toBe("nothing");
  expect(faultOf(() => bounded(named(3_999_999), range))).toBe("1,1 Value too large");
});

test("going through a value costs a step for every 64 of its parts", () => {
  const spent = (size: number): number => {
    const budget = fullBudget();
    spendSize(budget, range, textValue("x".repeat(size - 1)));
    return fullBudget().steps - budget.steps;
  };
  expect([63, 64, 127, 128, 6400].map(spent)).toEqual([0, 1, 1, 2, 100]);
});
