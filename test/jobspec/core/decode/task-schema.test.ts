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

test.each([
  ['scaling "mem" {\n}\n scaling "MEM" {\n}', "t:5,2"],
  ['scaling "mem" {\n type = "vertical_cpu"\n}', "t:3,2"],
  ['dynamic "scaling" {\n for_each = [1, 2]\n labels = ["cpu"]\n content {}\n}', "t:2,2"],
])("%j is refused at %s", (inside, place) => {
  expect(faultsOf(`job "j" {\n task "t" {\n ${inside}\n }\n}`)).toEqual([
    expect.stringContaining(place),
  ]);
});

test("a scaling block may say the type that its label stands for", () => {
  const task = taskOf('scaling "cpu" {\n type = "vertical_cpu"\n}\n scaling "mem" {\n}');
  expect(task["ScalingPolicies"]).toMatchObject([
    { Type: "vertical_cpu" },
    { Type: "vertical_mem" },
  ]);
});

test("the identity named default moves out of the list, others stay", () => {
  const task = taskOf(
    'identity {\n name = "a"\n}\nidentity {\n name = "default"\n env = true\n}\nidentity {\n name = "b"\n}',
  );
  expect(task["Identity"]).toMatchObject({ Name: "default", Env: true });
  expect(task["Identities"]).toMatchObject([{ Name: "a" }, { Name: "b" }]);
});

test("a task without a default identity has a list of the others only", () => {
  const task = taskOf('identity {\n name = "a"\n}');
  expect(task).not.toHaveProperty("Identity");
  expect(task["Identities"]).toMatchObject([{ Name: "a" }]);
});

test("scaling without a label is told once", () => {
  const text = 'job "j" {\n task "t" {\n scaling {\n }\n }\n}';
  expect(faultsOf(text)).toHaveLength(1);
  expect(faultsOf(text)[0]).not.toContain("Invalid scaling policy name");
  expect(taskOf('scaling "cpu" {\n}')["ScalingPolicies"]).toMatchObject([
    { Type: "vertical_cpu", CreateIndex: 0, ModifyIndex: 0 },
  ]);
});
