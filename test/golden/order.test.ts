import { expect, test } from "vitest";
import { ordered } from "./player/order.ts";

const names = new Map([
  ["x1", "allocation web.a[1] of job version 0"],
  ["x2", "allocation web.a[0] of job version 0"],
]);

test("a list is brought into the order of its keys, numbers as numbers", () => {
  const rows = [
    { CreateIndex: 10, Name: "b" },
    { CreateIndex: 9, Name: "z" },
    { CreateIndex: 10, Name: "a" },
  ];
  const names9 = ordered(rows, { sortedBy: "CreateIndex, then Name" }, new Map()) as typeof rows;
  expect(names9.map((row) => row.Name)).toEqual(["z", "a", "b"]);
  expect(ordered(rows, {}, new Map())).toBe(rows);
});

test("services are ordered by their allocations' names", () => {
  const rows = [{ AllocID: "x1" }, { AllocID: "x2" }];
  expect(ordered(rows, { sortedBy: "the name of the allocation" }, names)).toEqual([
    { AllocID: "x2" },
    { AllocID: "x1" },
  ]);
});

test("the allocations of a row follow what the recording binds them to", () => {
  const body = [{ ID: "web", Allocs: [{ ID: "@uuid:1" }, { ID: "@uuid:2" }] }];
  const bind = { "@uuid:1": names.get("x2") ?? "", "@uuid:2": names.get("x1") ?? "" };
  const rows = [{ ID: "web", Allocs: [{ ID: "x1" }, { ID: "x2" }] }];
  expect(ordered(rows, { sortedBy: "ID", body, bind }, names)).toEqual([
    { ID: "web", Allocs: [{ ID: "x2" }, { ID: "x1" }] },
  ]);
});
