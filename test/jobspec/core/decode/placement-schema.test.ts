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

test.each([
  ['set_contains_all = "a,b"', { Operand: "set_contains_all", RTarget: "a,b" }],
  ['set_contains_any = "a,b"', { Operand: "set_contains_any", RTarget: "a,b" }],
  ["is_set = true", { Operand: "is_set", RTarget: "" }],
  ["is_set = false", { Operand: "is_not_set", RTarget: "" }],
  ["is_not_set = true", { Operand: "is_not_set", RTarget: "" }],
  ["is_not_set = false", { Operand: "is_set", RTarget: "" }],
])("%s in a constraint means what it says", (text, wanted) => {
  // The reference reads these and keeps the operator "=".
  const body = jobOf(`constraint {\n attribute = "\${meta.a}"\n ${text}\n}`);
  expect(body["Constraints"]).toEqual([{ LTarget: "${meta.a}", ...wanted }]);
});

test("an empty short form counts as not written, and of several the last of the language's order wins", () => {
  expect(jobOf('constraint {\n value = "1"\n version = ""\n}')["Constraints"]).toMatchObject([
    { Operand: "=", RTarget: "1" },
  ]);
  const both = 'set_contains = "a"\n set_contains_any = "b"\n set_contains_all = "c"';
  expect(jobOf(`affinity {\n ${both}\n}`)["Affinities"]).toMatchObject([
    { Operand: "set_contains", RTarget: "a" },
  ]);
});

test("distinct_property names the attribute and leaves room for how often", () => {
  const body = jobOf(
    'constraint {\n distinct_property = "${meta.rack}"\n value = "3"\n}\nconstraint {\n distinct_hosts = false\n}',
  );
  expect(body["Constraints"]).toEqual([
    { LTarget: "${meta.rack}", RTarget: "3", Operand: "distinct_property" },
    { LTarget: "", RTarget: "false", Operand: "distinct_hosts" },
  ]);
});

test("of several short forms the same one counts in whatever order they stand", () => {
  const operand = (text: string): unknown => jobOf(`constraint {\n${text}\n}`)["Constraints"];
  const wanted = [{ LTarget: "", RTarget: ">= 2", Operand: "semver" }];
  expect(operand('version = ">= 1"\nsemver = ">= 2"')).toEqual(wanted);
  expect(operand('semver = ">= 2"\nversion = ">= 1"')).toEqual(wanted);
});
