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
