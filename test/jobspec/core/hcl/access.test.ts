import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

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
