import { expect, test } from "vitest";
import { Budget } from "../../../../src/node/template/core/budget.ts";
import { printAll, printLine, printValue } from "../../../../src/node/template/core/print.ts";
import { Dictionary } from "../../../../src/node/template/core/value.ts";

test("no value is said so outside, and is nil within", () => {
  expect(printValue(undefined, new Budget())).toBe("<no value>");
  expect(
    printValue(
      [
        undefined,
        1n,
        "a",
        new Dictionary(
          new Map([
            ["b", undefined],
            ["a", true],
          ]),
        ),
      ],
      new Budget(),
    ),
  ).toBe("[<nil> 1 a map[a:true b:<nil>]]");
});

test("spaces stand between operands that are no texts", () => {
  expect(printAll([1n, 2n, "x", 3n, true], new Budget())).toBe("1 2x3 true");
  expect(printLine([1n, "x"], new Budget())).toBe("1 x\n");
});
