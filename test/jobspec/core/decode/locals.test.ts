import { expect, test } from "vitest";
import { parseJob } from "../../../../src/jobspec/parse-job.ts";
import { faultsOf } from "../../support.ts";

test("locals refer to each other in any order", () => {
  const result = parseJob(
    'locals {\n a = local.b + 1\n b = 2\n}\njob "j" {\n priority = local.a\n}',
    { file: "t" },
  );
  expect(result.ok && result.body.Priority).toBe(3);
});

test("a circle is refused once", () => {
  const faults = faultsOf('locals {\n a = local.b\n b = local.a\n}\njob "j" {\n}');
  expect(faults).toEqual([expect.stringContaining("Circular reference")]);
});

test("a locals block has no labels and holds no blocks", () => {
  expect(faultsOf('locals "x" {\n}\njob "j" {\n}')).toEqual([
    expect.stringContaining("t:1,8-11: Extraneous label for locals"),
  ]);
  expect(faultsOf('locals {\n a {\n }\n}\njob "j" {\n}')).toEqual([
    expect.stringContaining("t:2,2-3: Unexpected block"),
  ]);
});

test("what is wrong in locals is told at its place", () => {
  const faults = (inside: string): string[] =>
    faultsOf(`locals {\n${inside}\n}\njob "j" {\n}`).map((fault) => fault.split(";")[0] ?? "");
  expect(faults("a {\n}")).toEqual(["t:2,1-2: Unexpected block"]);
  expect(faults("a = 1\na = 2")).toEqual(["t:3,1-2: Attribute redefined"]);
  expect(faults("a = local.b\nb = 1 + true\nc = local.b")).toEqual(["t:3,9-13: Invalid operand"]);
  expect(faults("a = local.zz")).toEqual(["t:2,10-13: Unsupported attribute"]);
});

test("several blocks of locals are one", () => {
  const result = parseJob(
    'locals {\n a = 1\n}\nlocals {\n b = local.a + 1\n}\njob "j" {\n priority = local.b\n}',
    { file: "t" },
  );
  expect(result.ok && result.body.Priority).toBe(2);
});
