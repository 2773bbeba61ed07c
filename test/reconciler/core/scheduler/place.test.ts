import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { evaluateOnce } from "../../../support/cluster-world.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

test("a feasible node is found however many are not", () => {
  const nodes = Array.from({ length: 60 }, (_, at) =>
    buildNode(`node-${at}`, {
      ComputedClass: `class-${at}`,
      Attributes: { "kernel.name": at === 41 ? "plan9" : "linux" },
    }),
  );
  const job = buildJob({
    Constraints: [{ LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "plan9" }],
  });
  for (const seed of [1, 2, 3])
    expect(evaluateOnce(job, { nodes, seed }).plan.place.map((a) => a.NodeID)).toEqual(["node-41"]);
});

test("distinct hosts get one allocation each and the rest waits", () => {
  const job = buildJob({
    Constraints: [{ LTarget: "", Operand: "distinct_hosts", RTarget: "true" }],
    TaskGroups: [buildGroup({ Count: 3 })],
  });
  const output = evaluateOnce(job, { nodes: [buildNode("node-1"), buildNode("node-2")] });
  expect(new Set(output.plan.place.map((a) => a.NodeID)).size).toBe(2);
  expect(output.failed["web"]).toMatchObject({
    NodesFiltered: 2,
    ConstraintFiltered: { distinct_hosts: 2 },
  });
});

test("allocations of one group keep away from each other", () => {
  const nodes = [buildNode("node-1"), buildNode("node-2"), buildNode("node-3")];
  const output = evaluateOnce(buildJob({ TaskGroups: [buildGroup({ Count: 2 })] }), { nodes });
  expect(new Set(output.plan.place.map((a) => a.NodeID)).size).toBe(2);
});

test("a sticky group goes home when there is room", () => {
  const nodes = Array.from({ length: 8 }, (_, at) => buildNode(`node-${at}`));
  const group = buildGroup({
    EphemeralDisk: { Sticky: true, SizeMB: 10, Migrate: false },
    Tasks: [buildTask({ Env: { A: "2" }, Resources: buildResources() })],
  });
  const old = buildJob();
  const home = buildAllocation({ NodeID: nodeId("node-5") });
  for (const seed of [1, 2, 3]) {
    const job = buildJob({ Version: 1, TaskGroups: [group] });
    const output = evaluateOnce(job, { nodes, allocations: [home], versions: [old], seed });
    expect(output.plan.place[0]?.NodeID).toBe("node-5");
  }
});

test("each allocation goes where its own volume is, whichever of them finds none", () => {
  const offering = (name: string, volume: string) =>
    buildNode(name, {
      HostVolumes: { [volume]: { Name: volume, Path: "/srv", ReadOnly: false, ID: "" } },
    });
  const job = buildJob({
    TaskGroups: [
      buildGroup({
        Count: 3,
        Volumes: {
          data: {
            Name: "data",
            Type: "host",
            Source: "data",
            ReadOnly: false,
            Sticky: false,
            AccessMode: "",
            AttachmentMode: "",
            MountOptions: null,
            PerAlloc: true,
          },
        },
      }),
    ],
  });
  const nodes = [offering("node-1", "data[2]"), offering("node-2", "data[1]")];
  for (const seed of [1, 2, 3]) {
    const output = evaluateOnce(job, { nodes, seed });
    expect(output.plan.place.map((a) => `${a.Name} on ${a.NodeID}`).toSorted()).toEqual([
      "shop.web[1] on node-2",
      "shop.web[2] on node-1",
    ]);
    expect(output.failed["web"]?.ConstraintFiltered).toEqual({
      "missing compatible host volumes": 2,
    });
  }
});
