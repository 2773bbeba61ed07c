import { expect, test } from "vitest";
import { parseJob } from "../../../../src/jobspec/parse-job.ts";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

const names = {
  hosts: [
    { n: "a", d: [1, 2] },
    { n: "b", d: [] },
  ],
  one: { n: "x" },
};

test("splats collect from every element", () => {
  expect(valueOf("hosts[*].n", names)).toEqual(["a", "b"]);
  expect(valueOf("hosts.*.n", names)).toEqual(["a", "b"]);
  expect(valueOf("one[*].n", names)).toEqual(["x"]);
  expect(valueOf("null[*]")).toEqual([]);
});

test("indexes work with numbers, text and the old dotted form", () => {
  expect(valueOf("hosts[0].d[1]", names)).toBe(2);
  expect(valueOf('hosts.0.d["0"]', names)).toBe(1);
});

test("what is not there is refused at its step", () => {
  expect(faultOf(() => valueOf("one.m", names))).toBe("1,4 Unsupported attribute");
  expect(faultOf(() => valueOf("hosts[7]", names))).toBe("1,6 Invalid index");
});

const oops = (expression: string): string =>
  faultsOf(
    `variables {\n one = { name = "x", rank = 2 }\n list = ["a"]\n}\njob "j" {\n meta = ${expression}\n}`,
  ).join("\n");

test.each([
  [
    "var.one.nam",
    't:6,16-20: Unsupported attribute; There is no attribute named "nam". Did you mean "name"?',
  ],
  [
    "var.onee",
    't:6,12-17: Unsupported attribute; There is no attribute named "onee". Did you mean "one"?',
  ],
  ["var.one.zzzzz", 'There is no attribute named "zzzzz".'],
  ["null.a", "Attempt to get attribute from null value"],
  ["var.list.a", "A tuple has no attributes."],
  ["var.one.rank.a", "A number has no attributes."],
  ["var.list[1]", "t:6,17-20: Invalid index"],
  ["var.list[-1]", "does not identify an element"],
  ["var.list[0.5]", "does not identify an element"],
  ['var.list["x"]', "does not identify an element"],
  ["var.list[null]", "does not identify an element"],
  ['var.one["y"]', "does not identify an element"],
  ["var.one[[]]", "does not identify an element"],
  ["var.one.rank[0]", "A number has no elements that can be picked by index."],
])("%s is refused with what is wrong about it", (expression, fault) => {
  expect(oops(expression)).toContain(fault);
});

test("what is known of an unknown name stays written, the rest is worked out", () => {
  expect(valueOf("attr.cpu[0].x")).toBe("${attr.cpu[0].x}");
  expect(valueOf('"${  attr.cpu["a"]  }!"')).toBe('${  attr.cpu["a"]  }!');
  expect(valueOf("attr.cpu[*]", {})).toEqual(["${attr.cpu}"]);
  expect(valueOf('"a" == "${attr.x}" ? 1 : 2')).toBe(2);
  expect(faultOf(() => valueOf("attr.cpu[one.n]", names))).toBe("1,9 Invalid index");
});

test("a whole namespace is an object, and indexes pick from objects too", () => {
  const result = parseJob(
    'variables {\n a = "x"\n b = "y"\n}\njob "j" {\n meta = var\n name = var["b"]\n id = values(var)[0]\n}',
    { file: "t" },
  );
  expect(result.ok && [result.body.Meta, result.body.Name, result.body.ID]).toEqual([
    { a: "x", b: "y" },
    "y",
    "x",
  ]);
  expect(valueOf('{ 1 = "a" }[1]')).toBe("a");
});
