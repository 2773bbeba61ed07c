import { expect, test } from "vitest";
import { faultsOf, taskOf } from "../../support.ts";

test("the default identity moves out of the list", () => {
  const task = taskOf("identity {\n file = true\n}");
  expect(task["Identity"]).toMatchObject({ File: true });
  expect(task["Identities"]).toEqual([]);
});

test("scaling of a task is for cpu or mem", () => {
  expect(taskOf('scaling "MEM" {\n}')["ScalingPolicies"]).toMatchObject([{ Type: "vertical_mem" }]);
  const text = 'job "j" {\n task "t" {\n scaling "disk" {\n }\n }\n}';
  expect(faultsOf(text)[0]).toContain("t:3,10");
});
