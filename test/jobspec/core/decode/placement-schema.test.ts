import { expect, test } from "vitest";
import { jobOf } from "../../support.ts";

test("short forms of a constraint set operand and value", () => {
  const body = jobOf(
    'constraint {\n attribute = "${attr.v}"\n version = ">= 1"\n}\nconstraint {\n distinct_hosts = true\n}\nconstraint {\n value = "x"\n}',
  );
  expect(body["Constraints"]).toEqual([
    { LTarget: "${attr.v}", RTarget: ">= 1", Operand: "version" },
    { LTarget: "", RTarget: "true", Operand: "distinct_hosts" },
    { LTarget: "", RTarget: "x", Operand: "=" },
  ]);
});

test("the weight of an affinity is cut to a whole number", () => {
  expect(jobOf("affinity {\n weight = 12.9\n}")["Affinities"]).toMatchObject([{ Weight: 12 }]);
});
