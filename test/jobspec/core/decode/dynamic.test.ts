import { expect, test } from "vitest";
import { faultsOf, groupOf } from "../../support.ts";

test("a dynamic block is made once for every element, by sorted key", () => {
  const group = groupOf(
    'dynamic "task" {\n for_each = { b = "y", a = "x" }\n labels = [task.key]\n content {\n driver = task.value\n }\n}',
  );
  expect(group["Tasks"]).toMatchObject([
    { Name: "a", Driver: "x" },
    { Name: "b", Driver: "y" },
  ]);
});

test("a fault inside is told once, not once for every element", () => {
  const text =
    'job "j" {\n dynamic "group" {\n for_each = ["a", "b"]\n labels = [group.value]\n content {\n cuont = 1\n }\n }\n}';
  expect(faultsOf(text)).toHaveLength(1);
});

test("text cannot be gone over", () => {
  expect(
    faultsOf('job "j" {\n dynamic "group" {\n for_each = "abc"\n content {\n }\n }\n}')[0],
  ).toContain("Invalid dynamic for_each value");
});
