import { expect, test } from "vitest";
import { withHash } from "../../../src/api/encode/hash.ts";

test("equal content has one hash, whenever it was written; other content another", () => {
  const first = withHash({ Name: "a", CreateIndex: 1, ModifyIndex: 1 });
  const later = withHash({ Name: "a", CreateIndex: 7, ModifyIndex: 9 });
  expect(later).toMatchObject({ CreateIndex: 7, Hash: first.Hash });
  expect(first.Hash).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(withHash({ Name: "b", CreateIndex: 1, ModifyIndex: 1 }).Hash).not.toBe(first.Hash);
});
