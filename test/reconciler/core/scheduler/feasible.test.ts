import { expect, test } from "vitest";
import {
  candidatesFor,
  globMatches,
  judgeFor,
} from "../../../../src/reconciler/core/scheduler/feasible.ts";
import { buildGpuNode, buildGpus, buildRequest } from "../../../support/build-device.ts";
import {
  buildGroup,
  buildJob,
  buildNetwork,
  buildPort,
  buildResources,
  buildTask,
} from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const never = () => undefined;
const group = buildGroup();

test("candidates are ready, eligible, in the pool and in a wanted datacenter", () => {
  const nodes = [
    buildNode("a"),
    buildNode("b", { Datacenter: "dc2" }),
    buildNode("c", { Status: "down" }),
    buildNode("d", { SchedulingEligibility: "ineligible" }),
    buildNode("e", { NodePool: "gpu" }),
    buildNode("f", { Datacenter: "eu" }),
  ];
  const found = candidatesFor(buildJob({ Datacenters: ["dc*"] }), nodes);
  expect(found.nodes.map((n) => n.ID)).toEqual(["a", "b"]);
  expect(found).toMatchObject({ inPool: 3, perDatacenter: { dc1: 1, dc2: 1 } });
  expect(candidatesFor(buildJob({ NodePool: "all" }), nodes).inPool).toBe(4);
});

test("the first broken constraint is named, other nodes of the class are refused for it", () => {
  const job = buildJob({
    Constraints: [{ LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "plan9" }],
  });
  const judge = judgeFor(job, group, never);
  expect(judge.refuse(buildNode("a"))).toBe("${attr.kernel.name} = plan9");
  expect(judge.refuse(buildNode("b"))).toBe("computed class ineligible");
  expect(judge.eligibility()).toEqual({ "class-a": false });
  expect(judge.isEscaped).toBe(false);
});

test("a unique constraint is judged node by node and makes the evaluation escape its classes", () => {
  const job = buildJob({
    Constraints: [{ LTarget: "${node.unique.name}", Operand: "=", RTarget: "b" }],
  });
  const judge = judgeFor(job, group, never);
  expect(judge.refuse(buildNode("a"))).toBe("${node.unique.name} = b");
  expect(judge.refuse(buildNode("b"))).toBeUndefined();
  expect(judge.isEscaped).toBe(true);
});

test("missing drivers, volumes, devices and networks are named", () => {
  const refuse = (over: Parameters<typeof buildGroup>[0]) =>
    judgeFor(buildJob(), buildGroup(over), never).refuse(buildNode());
  expect(refuse({})).toBeUndefined();
  expect(refuse({ Tasks: [buildTask({ Driver: "qemu" })] })).toBe("missing drivers");
  expect(
    refuse({
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
          PerAlloc: false,
        },
      },
    }),
  ).toBe("missing compatible host volumes");
  const gpu = { Name: "gpu", Count: 1, Constraints: null, Affinities: null };
  expect(refuse({ Tasks: [buildTask({ Resources: buildResources({ Devices: [gpu] }) })] })).toBe(
    "missing devices",
  );
  expect(
    refuse({
      Networks: [buildNetwork({ DynamicPorts: [buildPort({ HostNetwork: "private" })] })],
    }),
  ).toBe('missing host network "private" for port "http"');
});

test.each<[string, string, boolean]>([
  ["*", "", true],
  ["dc*", "dc1", true],
  ["dc?", "dc12", false],
  ["*-eu-*", "a-eu-b", true],
  ["a*b*c", "aXbYbZc", true],
  ["a*b", "ac", false],
])("glob %s on %s", (pattern, text, expected) => {
  expect(globMatches(pattern, text)).toBe(expected);
});

test("a datacenter asked for by name counts with no node in it, a pattern does not", () => {
  const job = buildJob({ Datacenters: ["mars", "dc*"] });
  expect(candidatesFor(job, []).perDatacenter).toEqual({ mars: 0 });
});

test("a volume of each allocation is looked for under the allocation's own number", () => {
  const volume = {
    Name: "data",
    Type: "host",
    Source: "data",
    ReadOnly: false,
    Sticky: false,
    AccessMode: "",
    AttachmentMode: "",
    MountOptions: null,
    PerAlloc: true,
  };
  const named = (...names: string[]) =>
    Object.fromEntries(
      names.map((Name) => [Name, { Name, Path: `/srv/${Name}`, ReadOnly: false, ID: "" }]),
    );
  const judge = judgeFor(buildJob(), buildGroup({ Volumes: { data: volume } }), never);
  const node = buildNode("a", { HostVolumes: named("data[0]", "data[10]") });
  expect(judge.refuse(node, "shop.web[0]")).toBeUndefined();
  expect(judge.refuse(node, "shop.web[10]")).toBeUndefined();
  const missing = "missing compatible host volumes";
  expect(judge.refuse(node, "shop.web[1]")).toBe(missing);
  expect(judge.refuse(buildNode("b", { HostVolumes: named("data") }), "shop.web[0]")).toBe(missing);
  const fixed = buildNode("c", {
    HostVolumes: { "data[0]": { Name: "data[0]", Path: "/srv", ReadOnly: true, ID: "" } },
  });
  expect(judge.refuse(fixed, "shop.web[0]")).toBe(missing);
});

test("devices that a group asks for have to be there and be well", () => {
  const group = buildGroup({
    Tasks: [buildTask({ Resources: buildResources({ Devices: [buildRequest({ Count: 2 })] }) })],
  });
  const judge = judgeFor(buildJob(), group, never);
  expect(judge.refuse(buildGpuNode(buildGpus("K80", ["a", "b"])))).toBeUndefined();
  expect(judge.refuse(buildGpuNode(buildGpus("K80", ["a", "b!"])))).toBe("missing devices");
});
