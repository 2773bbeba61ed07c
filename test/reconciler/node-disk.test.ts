import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { allocationId, nodeId } from "../../src/model/ids.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import {
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId as id,
} from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const next = allocationId("55555555-5555-4555-a555-555555555555");
const jobOf = (Migrate: boolean) =>
  scriptedJob({
    TaskGroups: [scriptedGroup({ EphemeralDisk: { Sticky: true, Migrate, SizeMB: 300 } })],
  });
const below = (allocation: string, path: string): string =>
  join(b.directory, "alloc", allocation, path);
const eventsOf = (allocation: typeof id) =>
  b.source.last(allocation)?.taskStates["main"]?.Events ?? [];

test("a successor starts with the data of the allocation that it follows", async () => {
  const agent = await b.start();
  const old = wantedBy(agent, jobOf(false));
  b.source.put(old);
  await b.statusIs("running");
  writeFileSync(below(id, "alloc/data/rows"), "1");
  writeFileSync(below(id, "main/local/words"), "2");
  b.source.put({ ...old, allocation: { ...old.allocation, DesiredStatus: "stop" } });
  b.source.put(wantedBy(agent, jobOf(false), { ID: next, PreviousAllocation: id }));
  await b.until("successor", () => b.source.last(next)?.clientStatus === "running", 1_000);
  expect(existsSync(below(next, "alloc/data/rows"))).toBe(true);
  expect(existsSync(below(next, "main/local/words"))).toBe(true);
  expect(eventsOf(next).map(({ Type }) => Type)).not.toContain("Task hook message");
});

test("a successor that could not even be prepared leaves the data to who follows it", async () => {
  const agent = await b.start();
  const old = wantedBy(agent, jobOf(false));
  b.source.put(old);
  await b.statusIs("running");
  writeFileSync(below(id, "alloc/data/rows"), "1");
  b.engine.images.pullError = new AppError("image", "none", { fields: { recoverable: false } });
  const task = scriptedTask({ Config: { image: "app:2" } });
  const group = scriptedGroup({
    Tasks: [task],
    EphemeralDisk: { Sticky: true, Migrate: false, SizeMB: 300 },
  });
  const broken = scriptedJob({ TaskGroups: [group] });
  b.source.put(wantedBy(agent, broken, { ID: next, PreviousAllocation: id }));
  b.source.put({ ...old, allocation: { ...old.allocation, DesiredStatus: "stop" } });
  await b.until("failed", () => b.source.last(next)?.clientStatus === "failed");
  const third = allocationId("77777777-5555-4555-a555-555555555555");
  b.source.put(wantedBy(agent, jobOf(false), { ID: third, PreviousAllocation: next }));
  await b.until("third", () => b.source.last(third)?.clientStatus === "running", 1_000);
  expect(existsSync(below(third, "alloc/data/rows"))).toBe(true);
});

test("where nothing is left of the former allocation the disk is empty, and the events say so", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent, jobOf(true), { ID: next, PreviousAllocation: id }));
  await b.until("running", () => b.source.last(next)?.clientStatus === "running", 1_000);
  expect(eventsOf(next)).toContainEqual(
    expect.objectContaining({
      Type: "Task hook message",
      Message: expect.stringContaining("starts empty"),
    }),
  );
});

test("a disk that would have to come from another node is refused in words", async () => {
  const agent = await b.start();
  const elsewhere = nodeId("66666666-6666-4666-a666-666666666666");
  const far = wantedBy(agent, jobOf(true), { NodeID: elsewhere, DesiredStatus: "stop" });
  const source = b.source;
  source.allocations = async () =>
    [...source.desired.values()].filter((one) => one.allocation.NodeID !== elsewhere);
  source.put(far);
  source.put(wantedBy(agent, jobOf(true), { ID: next, PreviousAllocation: id }));
  await b.until("failed", () => source.last(next)?.clientStatus === "failed", 1_000);
  expect(JSON.stringify(eventsOf(next))).toContain("is on another node");
});
