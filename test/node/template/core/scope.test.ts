import { expect, test } from "vitest";
import { Scope } from "../../../../src/node/template/core/scope.ts";

test("the newest variable of a name is found until its block ends", () => {
  const scope = new Scope();
  expect(scope.find("$")).toBe(0);
  expect(scope.find("$x")).toBeUndefined();
  const outer = scope.declare("$x");
  const mark = scope.mark;
  const inner = scope.declare("$x");
  expect(scope.find("$x")).toBe(inner);
  scope.release(mark);
  expect(scope.find("$x")).toBe(outer);
});
