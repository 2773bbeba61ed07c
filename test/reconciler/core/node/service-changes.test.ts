import { expect, test } from "vitest";
import { serviceChanges } from "../../../../src/reconciler/core/node/service-changes.ts";
import type { ServiceChangesInput } from "../../../../src/reconciler/core/node/service-changes.ts";
import { buildRegistered } from "../../../support/build-service.ts";

const one = buildRegistered(1);
const stored = { ...one, CreateIndex: 5, ModifyIndex: 7 };
const key = { namespace: one.Namespace, id: one.ID };
const change = (input: Partial<ServiceChangesInput>) =>
  serviceChanges({ listed: [], wanted: new Map(), isForeign: () => false, ...input });
const wanted = (isHeld = false, registration = one) =>
  new Map([[one.AllocID, [{ registration, isHeld }]]]);

test("what is missing comes, what is there already stays", () => {
  expect(change({ wanted: wanted() })).toEqual({ upsert: [one], remove: [] });
  expect(change({ listed: [stored], wanted: wanted() })).toEqual({ upsert: [], remove: [] });
});

test("other words replace what is there, also while it is held", () => {
  const tagged = { ...one, Tags: ["other"] };
  for (const isHeld of [true, false])
    expect(change({ listed: [stored], wanted: wanted(isHeld, tagged) }).upsert).toEqual([tagged]);
});

test("what is held neither comes nor goes", () => {
  expect(change({ wanted: wanted(true) }).upsert).toEqual([]);
  expect(change({ listed: [stored], wanted: wanted(true) }).remove).toEqual([]);
});

test("what its allocation does not want goes, and so does what belongs to nobody", () => {
  expect(change({ listed: [stored], wanted: new Map([[one.AllocID, []]]) }).remove).toEqual([key]);
  expect(change({ listed: [stored], isForeign: () => true }).remove).toEqual([key]);
  expect(change({ listed: [stored] }).remove).toEqual([]);
});
