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

test("one action may take only so many steps, and that it was one is known", () => {
  const budget = new Budget({ ...limits, steps: 100_000, actionSteps: 500 });
  for (let action = 0; action < 20; action++) {
    budget.isSliceOver();
    budget.spend(500);
  }
  expect(budget.isActionTooLong).toBe(false);
  expect(() => budget.spend(3_000)).toThrow("one action takes more than 500 steps");
  expect(budget.isActionTooLong).toBe(true);
  const all = new Budget(limits);
  expect(() => all.spend(11)).toThrow(LimitFault);
  expect(all.isActionTooLong).toBe(false);
});

test("a slice is over now and then", () => {
  const budget = new Budget();
  expect(budget.isSliceOver()).toBe(false);
  budget.spend(2_000);
  expect(budget.isSliceOver()).toBe(true);
  expect(budget.isSliceOver()).toBe(false);
});
