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
    faultsOf(
      'job "j" {\n dynamic "group" {\n for_each = "abc"\n labels = ["x"]\n content {\n }\n }\n}',
    )[0],
  ).toContain("Invalid dynamic for_each value");
});

const inJob = (lines: string): readonly string[] => faultsOf(`job "j" {\n${lines}\n}`);

test.each([
  ['dynamic "grup" {\n for_each = []\n content {}\n}', "t:2,9-15: Unsupported block type"],
  ['dynamic "group" {\n for_each = []\n content {}\n}', "t:2,17-17: Missing required argument"],
  ['dynamic "group" {\n labels = ["a"]\n content {}\n}', "t:2,17-17: Missing required argument"],
  ['dynamic "update" {\n for_each = []\n labels = ["a"]\n content {}\n}', "t:4,2-8: Unsupported"],
  ['dynamic "group" {\n for_each = [1]\n labels = ["a", "b"]\n content {}\n}', "t:4,17-20: Extra"],
  ['dynamic "group" {\n for_each = [1]\n labels = []\n content {}\n}', "t:4,11-13: Insufficient"],
  ['dynamic "group" {\n for_each = [1]\n labels = [null]\n content {}\n}', "t:4,12-16: Invalid"],
  ['dynamic "group" {\n for_each = [1]\n labels = "a"\n content {}\n}', "t:4,11-14: Invalid"],
  ['dynamic "group" {\n for_each = [1]\n labels = ["a"]\n content "x" {\n}\n}', "t:5,10-13: Extra"],
  ['dynamic "update" {\n for_each = [1, 2]\n content {}\n}', "t:2,1-8: Duplicate update block"],
])("%j is refused at %s", (lines, fault) => {
  expect(inJob(lines)).toEqual([expect.stringContaining(fault)]);
});

test("all that is wrong with a dynamic block is told, and what is wrong in its content", () => {
  const lines = [
    'dynamic "group" {',
    "  for_each = [1]",
    "  each     = 2",
    "  content {",
    "    cuont = group.value",
    '    dynamic "task" {',
    "      content { driver = task.value }",
    "    }",
    "  }",
    "  content {}",
    "}",
  ];
  expect(inJob(lines.join("\n"))).toEqual([
    expect.stringContaining("t:4,3-7: Unsupported argument in dynamic"),
    expect.stringContaining("t:11,3-10: Extraneous content block"),
    expect.stringContaining('t:2,17-17: Missing required argument; The argument "labels"'),
    expect.stringContaining('t:7,20-20: Missing required argument; The argument "for_each"'),
    expect.stringContaining('t:7,20-20: Missing required argument; The argument "labels"'),
    expect.stringContaining("t:6,5-10: Unsupported argument"),
  ]);
});

test("labels may be worked out", () => {
  const labels =
    'dynamic "task" {\n for_each = ["a"]\n labels = concat([task.value])\n content {}\n}';
  expect(groupOf(labels)["Tasks"]).toMatchObject([{ Name: "a" }]);
});

test.each([
  ["dynamic {\n for_each = []\n content {}\n}", "t:2,9-9: Missing name for dynamic"],
  ['dynamic "a" "b" {\n for_each = []\n content {}\n}', "t:2,13-16: Extraneous label for dynamic"],
  ['dynamic "group" {\n content {}\n}', "t:2,17-17: Missing required argument"],
  [
    'dynamic "group" {\n for_each = []\n labels = []\n content = 1\n}',
    "t:2,17-17: Missing content block",
  ],
  ['dynamic "update" {\n for_each = []\n}', "t:2,18-18: Missing content block"],
  [
    'dynamic "group" {\n for_each = []\n content {}\n content {}\n}',
    "t:5,2-9: Extraneous content block",
  ],
  [
    'dynamic "group" {\n for_each = []\n each = 1\n content {}\n}',
    "t:4,2-6: Unsupported argument in dynamic",
  ],
])("%j is refused at its place", (text, fault) => {
  expect(faultsOf(`job "j" {\n${text}\n}`)[0]).toContain(fault);
});

test("the element of a dynamic block can be given another name", () => {
  const group = groupOf(
    'dynamic "task" {\n for_each = ["x"]\n iterator = each\n labels = ["t-${each.value}"]\n content {\n driver = each.value\n }\n}',
  );
  expect(group["Tasks"]).toMatchObject([{ Name: "t-x", Driver: "x" }]);
});
