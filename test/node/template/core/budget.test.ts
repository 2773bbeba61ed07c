import { expect, test } from "vitest";
import { Budget } from "../../../../src/node/template/core/budget.ts";
import { LimitFault } from "../../../../src/node/template/core/faults.ts";

const limits = { steps: 10, characters: 100, depth: 2 };

test("what is allowed may be used up, and not a step more", () => {
  const budget = new Budget(limits);
  budget.spend(10);
  budget.produce(100);
  budget.enter();
  budget.enter();
  expect(() => budget.spend(1)).toThrow(LimitFault);
  expect(() => budget.produce(1)).toThrow("makes texts of more than 100 characters");
  expect(() => budget.enter()).toThrow("deeper than 2 levels");
});

test("levels that were left may be entered again", () => {
  const budget = new Budget(limits);
  for (let round = 0; round < 5; round++) {
    budget.enter();
    budget.leave();
  }
  budget.enter();
  budget.enter();
  expect(() => budget.enter()).toThrow(LimitFault);
});

test("reading a long text takes more steps than reading a short one", () => {
  const budget = new Budget(limits);
  budget.read(63);
  expect(budget.steps).toBe(1);
  expect(() => budget.read(10_000)).toThrow(LimitFault);
});

test("a slice is over now and then", () => {
  const budget = new Budget();
  expect(budget.isSliceOver()).toBe(false);
  budget.spend(2_000);
  expect(budget.isSliceOver()).toBe(true);
  expect(budget.isSliceOver()).toBe(false);
});
