import { expect, test } from "vitest";
import { jobOf } from "../../support.ts";

test("a task straight in the job gets a group of its own, before the others", () => {
  const body = jobOf('group "g" {\n}\ntask "t" {\n}');
  expect(body["TaskGroups"]).toMatchObject([{ Name: "t", Tasks: [{ Name: "t" }] }, { Name: "g" }]);
});

test("the nearest vault wins as a whole", () => {
  const body = jobOf(
    'vault {\n role = "far"\n}\ngroup "g" {\n vault {\n cluster = "near"\n }\n task "t" {\n }\n}',
  );
  expect(body["TaskGroups"]).toMatchObject([{ Tasks: [{ Vault: { Role: "", Cluster: "near" } }] }]);
});

test("name and id fall back to the label each on its own", () => {
  expect(jobOf('name = "N"')).toMatchObject({ ID: "j", Name: "N", Dispatched: false });
});

test("secrets of the task, the group and the job add up, the nearest first", () => {
  // In the reference a task's own come twice and the group's are lost.
  const secret = (name: string): string => `secret "${name}" {\n provider = "p"\n path = "x"\n}`;
  const body = jobOf(
    `${secret("job")}\ngroup "g" {\n${secret("group")}\ntask "t" {\n driver = "d"\n${secret("own")}\n}\ntask "u" {\n driver = "d"\n}\n}`,
  );
  const named = (names: readonly string[]) => names.map((Name) => ({ Name }));
  expect(body["TaskGroups"]).toMatchObject([
    {
      Tasks: [{ Secrets: named(["own", "group", "job"]) }, { Secrets: named(["group", "job"]) }],
    },
  ]);
});
