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
