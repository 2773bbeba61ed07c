import { expect, test } from "vitest";
import { faultsOf, groupOf } from "../../support.ts";

test("everything wrong is told at once and nothing twice", () => {
  const faults = faultsOf(
    'job "j" {\n cuont = 1\n group {\n count = "x"\n count = 2\n update "l" {\n }\n }\n}',
  );
  expect(faults.map((fault) => fault.replace(/;.*/, ""))).toEqual([
    "t:2,2-7: Unsupported argument",
    "t:3,8-9: Missing name for group",
    "t:4,11-12: Unsuitable value type",
    "t:5,2-7: Attribute redefined",
    "t:6,9-12: Extraneous label for update",
  ]);
});

test("blocks allowed once are refused the second time and the others collect", () => {
  expect(groupOf("service {\n}\nservice {\n}")["Services"]).toHaveLength(2);
  expect(faultsOf('job "j" {\n update {\n }\n update {\n }\n}')[0]).toContain("t:4,2-8");
});

test("a missing required argument is told at the opening brace", () => {
  const text = 'job "j" {\n group "g" {\n task "t" {\n action "a" {\n }\n }\n }\n}';
  expect(faultsOf(text)[0]).toMatch(/^t:4,13-13: Missing required argument/);
});

test("names that objects inherit are unknown names", () => {
  expect(faultsOf('job "j" {\n constructor = 1\n toString {\n }\n}')).toHaveLength(2);
});

test("one mistake is told once", () => {
  const inTask = (text: string) =>
    faultsOf(`job "j" {\n group "g" {\n task "t" {\n ${text}\n }\n }\n}`);
  expect(inTask('lifecycle {\n hok = "prestart"\n }')).toHaveLength(1);
  expect(inTask('lifecycle {\n zzzzzz = "prestart"\n }')).toHaveLength(2);
  expect(inTask("lifecycle {\n hook = 1 + true\n }")).toHaveLength(1);
  expect(inTask("scaling {}")).toHaveLength(1);
});

test("a block and an argument of one name are told at the block, whichever comes first", () => {
  const told = [expect.stringMatching(/^t:2,2-6: Duplicate meta block/)];
  expect(faultsOf('job "j" {\n meta {\n }\n meta = {}\n}')).toEqual(told);
  expect(faultsOf('job "j" { \n meta {}\n}')).toEqual([]);
  expect(faultsOf('job "j" {\n meta = {}\n meta {\n }\n}')[0]).toContain("t:3,2-6");
});

test("labels are told by how many a block takes", () => {
  const faults = (text: string): string =>
    faultsOf(`job "j" {\n group "g" {\n ${text}\n }\n}`).join("\n");
  expect(faults("task {}")).toContain(
    "t:3,7-8: Missing name for task; All task blocks must have 1",
  );
  expect(faults('task "a" "b" {}')).toContain("Only 1 label(s) are expected for task blocks.");
  expect(faults('update "a" {}')).toContain("No labels are expected for update blocks.");
  expect(faults('meta "a" {}')).toContain("No labels are expected for meta blocks.");
  expect(faults('task "t" {\n config "a" {}\n}')).toContain("No labels are expected for config");
});

test("what is there twice or missing is told by name", () => {
  const faults = (text: string): string => faultsOf(`job "j" {\n ${text}\n}`).join("\n");
  expect(faults("priority = 1\n priority = 2")).toContain(
    't:3,2-10: Attribute redefined; The argument "priority" is already set above',
  );
  expect(faults("meta {}\n meta {}")).toContain(
    "t:3,2-6: Duplicate meta block; Only one meta block",
  );
  expect(faults('task "t" {\n lifecycle {}\n}')).toContain('The argument "hook" is required');
});

test("a volume whose name objects inherit is a volume like any other", () => {
  const volumes = groupOf('volume "__proto__" {\n type = "host"\n}\nvolume "b" {\n}')["Volumes"];
  expect(Object.keys(volumes ?? {})).toEqual(["__proto__", "b"]);
});
