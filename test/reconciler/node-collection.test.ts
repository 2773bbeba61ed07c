import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allocationId } from "../../src/model/ids.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import { scriptedGroup, scriptedJob, scriptedTask } from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const ids = [1, 2, 3].map((at) => allocationId(`55555555-5555-4555-a555-55555555555${at}`));
const jobOf = (name: string) =>
  scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: [scriptedTask({ Name: name })] })] });
const isKept = (id: string | undefined): boolean =>
  existsSync(join(b.directory, "alloc", id ?? "", "alloc", "logs"));

test("beyond the limit the oldest ended allocation loses its files, a running one never does", async () => {
  b.collection = {
    intervalMs: 60_000,
    diskPercent: 101,
    inodePercent: 101,
    maxAllocations: 2,
    parallelDestroys: 2,
  };
  const agent = await b.start();
  for (const [at, ID] of ids.entries()) {
    const wanted = wantedBy(agent, jobOf(`task${at}`), { ID });
    b.source.put(wanted);
    await b.until("running", () => b.source.last(ID)?.clientStatus === "running", 1_000);
    // The first one goes on running; the others end one after the other.
    if (at === 0) continue;
    b.source.put({ ...wanted, allocation: { ...wanted.allocation, DesiredStatus: "stop" } });
    await b.until("ended", () => b.source.last(ID)?.clientStatus === "complete", 1_000);
  }
  expect(ids.map(isKept)).toEqual([true, true, true]);
  await b.until("the oldest to go", () => !isKept(ids[1]), 10_000);
  await b.pass(180_000);
  expect(ids.map(isKept)).toEqual([true, false, true]);
});
