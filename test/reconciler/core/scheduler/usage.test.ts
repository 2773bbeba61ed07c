import { expect, test } from "vitest";
import * as fc from "fast-check";
import { allocationId } from "../../../../src/model/ids.ts";
import { NodeUsage, excess, holdingOf } from "../../../../src/reconciler/core/scheduler/usage.ts";
import type { Holding } from "../../../../src/reconciler/core/scheduler/usage.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";

const holding = (id: string, cpu: number, over: Partial<Holding> = {}): Holding => ({
  id: allocationId(id),
  previous: null,
  isStopping: false,
  amount: { cpu, memory: cpu, disk: cpu },
  cores: [],
  ports: [],
  devices: [],
  namespace: "default",
  jobId: "shop",
  group: "web",
  name: "shop.web[0]",
  ...over,
});

test("an allocation counts until its client says that it is gone", () => {
  expect(holdingOf(buildAllocation({ DesiredStatus: "stop" }))).toMatchObject({ isStopping: true });
  expect(holdingOf(buildAllocation({ ClientStatus: "complete" }))).toBeUndefined();
});

test("a stopping one counts only for what it has above its successor", () => {
  const usage = new NodeUsage();
  usage.set(holding("old", 100, { isStopping: true }));
  usage.set(holding("new", 60, { previous: allocationId("old") }));
  expect(usage.total.cpu).toBe(100);
  usage.set(holding("new", 150, { previous: allocationId("old") }));
  expect(usage.total.cpu).toBe(150);
  usage.delete(allocationId("new"));
  expect(usage.total.cpu).toBe(100);
});

test("a port passes to the successor of one that stops, and to nobody else", () => {
  const usage = new NodeUsage();
  usage.set(holding("old", 1, { ports: ["127.0.0.1:80"] }));
  expect(usage.isPortFree("127.0.0.1:80", allocationId("old"))).toBe(false);
  usage.set(holding("old", 1, { ports: ["127.0.0.1:80"], isStopping: true }));
  expect(usage.isPortFree("127.0.0.1:80", allocationId("old"))).toBe(true);
  expect(usage.isPortFree("127.0.0.1:80", undefined)).toBe(false);
  usage.set(holding("new", 1, { ports: ["127.0.0.1:80"], previous: allocationId("old") }));
  expect(usage.conflicts()).toEqual([]);
  usage.set(holding("thief", 1, { ports: ["127.0.0.1:80"] }));
  expect(usage.conflicts()).toEqual(["127.0.0.1:80"]);
});

test("a port passes on along a chain of those that stop, however they were written down", () => {
  const port = "127.0.0.1:80";
  const chain = [
    holding("one", 100, { ports: [port], isStopping: true }),
    holding("two", 10, { previous: allocationId("one"), isStopping: true }),
    holding("three", 80, { ports: [port], previous: allocationId("two") }),
  ];
  for (const order of [chain, chain.toReversed()]) {
    const usage = new NodeUsage();
    for (const one of order) usage.set(one);
    expect(usage.conflicts()).toEqual([]);
    expect(usage.total.cpu).toBe(100);
    expect(usage.copy().total.cpu).toBe(100);
    usage.delete(allocationId("three"));
    expect(usage.isPortFree(port, allocationId("two"))).toBe(true);
    expect(usage.isPortFree(port, allocationId("stranger"))).toBe(false);
    expect(usage.totalWith({ cpu: 150, memory: 1, disk: 1 }, allocationId("two")).cpu).toBe(150);
    usage.set(holding("two", 10, { previous: allocationId("one") }));
    expect(usage.isPortFree(port, allocationId("two"))).toBe(false);
    expect(usage.total.cpu).toBe(100);
  }
});

test("one that ended before it could start holds nothing, and links those around it", () => {
  const ended = buildAllocation({
    ClientStatus: "failed",
    PreviousAllocation: allocationId("old"),
  });
  expect(holdingOf(ended)).toMatchObject({
    isStopping: true,
    ports: [],
    amount: { cpu: 0, memory: 0, disk: 0 },
  });
  const StartedAt = "2026-01-01T00:00:00Z";
  const state = { State: "dead", Failed: true, Restarts: 0, LastRestart: null } as const;
  const main = { ...state, StartedAt, FinishedAt: StartedAt, Events: [] };
  expect(holdingOf({ ...ended, TaskStates: { main } })).toBeUndefined();
});

test("those that stop do not count as company of their group", () => {
  const usage = new NodeUsage();
  usage.set(holding("a", 1));
  usage.set(holding("b", 1, { isStopping: true }));
  expect(usage.countOfGroup({ namespace: "default", jobId: "shop", group: "web" })).toBe(1);
});

test("the running total equals what a fresh count says, whatever came and went", () => {
  const step = fc.record({
    id: fc.integer({ min: 0, max: 5 }),
    cpu: fc.integer({ min: 1, max: 9 }),
    previous: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    isStopping: fc.boolean(),
    remove: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const usage = new NodeUsage();
      for (const { id, cpu, previous, isStopping, remove } of steps) {
        if (remove) usage.delete(allocationId(`a${id}`));
        else
          usage.set(
            holding(`a${id}`, cpu, {
              isStopping,
              // A successor is always younger, as ids are made once.
              previous:
                previous !== undefined && previous < id ? allocationId(`a${previous}`) : null,
            }),
          );
        const copy = usage.copy();
        const all = [...copy.holdings()];
        const upper = all.reduce((sum, h) => sum + h.amount.cpu, 0);
        expect(usage.total.cpu).toBeLessThanOrEqual(upper);
        expect(usage.total.cpu).toBeGreaterThanOrEqual(
          all.filter((h) => !h.isStopping).reduce((sum, h) => sum + h.amount.cpu, 0),
        );
        expect(copy.total).toEqual(usage.total);
        for (const h of all.toReversed()) usage.set(h);
        expect(usage.total).toEqual(copy.total);
      }
      for (let id = 0; id <= 5; id++) usage.delete(allocationId(`a${id}`));
      expect(usage.total).toEqual({ cpu: 0, memory: 0, disk: 0 });
    }),
  );
});

test("excess is never negative", () => {
  expect(excess({ cpu: 5, memory: 1, disk: 0 }, { cpu: 3, memory: 4, disk: 0 })).toEqual({
    cpu: 2,
    memory: 0,
    disk: 0,
  });
});
