import { expect, test } from "vitest";
import {
  allocationName,
  freeNames,
  nameIndex,
} from "../../../../src/reconciler/core/cluster/names.ts";

test("names carry job, group and index, and the index is read back", () => {
  expect(allocationName("shop", "web", 12)).toBe("shop.web[12]");
  expect(nameIndex("shop.web[12]")).toBe(12);
  expect(nameIndex("made by hand")).toBeUndefined();
});

test("free names take the lowest indexes that nobody uses", () => {
  const used = new Set(["shop.web[0]", "shop.web[2]"]);
  expect(freeNames({ jobId: "shop", name: "web" }, used, 3)).toEqual([
    "shop.web[1]",
    "shop.web[3]",
    "shop.web[4]",
  ]);
});
