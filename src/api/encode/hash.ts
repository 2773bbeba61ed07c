import { createHash } from "node:crypto";

/** Adds a hash of what a user wrote: equal for equal content, whenever it was written. */
export function withHash<
  Item extends { readonly CreateIndex: number; readonly ModifyIndex: number },
>(item: Item): Item & { readonly Hash: string } {
  const content = { ...item, Hash: "", CreateIndex: 0, ModifyIndex: 0 };
  const Hash = createHash("sha256").update(JSON.stringify(content)).digest("base64");
  return { ...item, Hash };
}
