import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";
import { buildGpus } from "../../support/build-device.ts";
import { normalize, recordedBody } from "../golden-text.ts";

type Json = { readonly [key: string]: unknown };
const id = "00000001-aaaa-bbbb-cccc-000000000001";
const node = recordedBody<Json>("node-read");
const gib = 2 ** 30;
const stats = {
  Memory: { Total: 24 * gib, Available: 20 * gib, Used: 4 * gib, Free: 20 * gib },
  CPU: [{ CPU: "cpu0", User: 1.5, System: 0.25, Idle: 98.25 }],
  DiskStats: [
    {
      Device: "/dev/sda",
      Mountpoint: "/",
      Size: 100 * gib,
      Used: 50 * gib,
      Available: 50 * gib,
      UsedPercent: 50,
      InodesUsedPercent: 1,
    },
  ],
  Uptime: 3661,
  CPUTicksConsumed: 123.9,
};
const allocation = {
  ID: "00000002-aaaa-bbbb-cccc-000000000002",
  NodeID: id,
  JobID: "web",
  Job: { Version: 3, Type: "service" },
  TaskGroup: "g",
  ClientStatus: "running",
  AllocatedResources: {
    Tasks: { t: { Cpu: { CpuShares: 100 }, Memory: { MemoryMB: 256 } } },
    Shared: { DiskMB: 300 },
  },
  CreateTime: 1_699_999_990e9,
  ModifyTime: 1_699_999_995e9,
};
const routes: Routes = {
  "GET /v1/nodes": { body: [{ ID: id }] },
  [`GET /v1/node/${id}`]: {
    body: {
      ...node,
      NodeResources: {
        Cpu: { CpuShares: 4000 },
        Memory: { MemoryMB: 4096 },
        Disk: { DiskMB: 20480 },
      },
    },
  },
  "GET /v1/client/stats": { body: stats },
  [`GET /v1/node/${id}/allocations`]: { body: [allocation] },
  [`GET /v1/client/allocation/${allocation.ID}/stats`]: {
    body: {
      ResourceUsage: { CpuStats: { TotalTicks: 12.7 }, MemoryStats: { Usage: 20 * 2 ** 20 } },
    },
  },
};

test("shows what a node is, what it holds and what runs there", async () => {
  const { out, code } = await runAgainst(routes, ["node", "status", "00000001"]);
  expect(code).toBe(0);
  expect(out.replaceAll(/\d{4}-\S+Z/g, "tttt-tt-ttTtt:tt:ttZ")).toBe(`ID              = ${id}
Name            = lab-node
Node Pool       = default
Class           = <none>
DC              = dc1
Drain           = false
Eligibility     = eligible
Status          = ready
CSI Controllers = <none>
CSI Drivers     = <none>
Uptime          = 1h1m1s
Host Volumes    = <none>
Host Networks   = <none>
CSI Volumes     = <none>
Driver Status   = docker,raw_exec

Node Events
Time                  Subsystem  Message
tttt-tt-ttTtt:tt:ttZ  Cluster    Node registered

Allocated Resources
CPU           Memory           Disk            Alloc Count
100/4000 MHz  256 MiB/4.0 GiB  300 MiB/20 GiB  1

Allocation Resource Utilization
CPU          Memory
12/4000 MHz  20 MiB/4.0 GiB

Host Resource Utilization
CPU           Memory          Disk
123/4000 MHz  4.0 GiB/24 GiB  50 GiB/100 GiB

Allocations
ID        Node ID   Task Group  Version  Desired  Status   Created  Modified
00000002  00000001  g           3        run      running  10s ago  5s ago
`);
});

test("-short keeps to the facts and the allocations", async () => {
  const { out } = await runAgainst(routes, ["node", "status", "-short", "00000001"]);
  expect(out).toContain("Drivers     = docker,raw_exec\n\nAllocations\n");
  expect(out).not.toContain("Resources");
});

test("-stats adds what is measured, -verbose the tables and attributes", async () => {
  const { out } = await runAgainst(routes, ["node", "status", "-stats", "-verbose", "00000001"]);
  for (const title of [
    "CPU Stats\nCPU    = cpu0\n",
    "Memory Stats\nTotal ",
    "Disk Stats\nDevice ",
    "Drivers\nDriver ",
    "Attributes\n",
    "Meta\n",
  ])
    expect(out).toContain(`\n${title}`);
  expect(out).toContain("User   = 1.50%");
});

test("-self asks the agent which node it runs", async () => {
  const self = { "GET /v1/agent/self": { body: { stats: { client: { node_id: id } } } } };
  const { out } = await runAgainst({ ...routes, ...self }, ["node", "status", "-self", "-short"]);
  expect(out).toContain(id);
  const none = { "GET /v1/agent/self": { body: { stats: {} } } };
  expect((await runAgainst(none, ["node", "status", "-self"])).code).toBe(1);
});

test("lists nodes with the columns asked for, page by page", async () => {
  const list = {
    ...routes,
    "GET /v1/nodes": {
      body: recordedBody("nodes-list"),
      headers: { "X-Nomad-NextToken": "next" },
    },
  };
  const argv = ["node", "status", "-allocs", "-per-page", "1"];
  const { out, requests } = await runAgainst(list, argv);
  expect(normalize(out)).toContain("Status  Running Allocs\n");
  expect(out).toContain(
    "\nResults have been paginated. To get the next page run:\n\nnomad node status -page-token next\n",
  );
  expect(requests[0]?.query.get("per_page")).toBe("1");
  expect((await runAgainst(list, ["node", "status", "-quiet"])).out).toBe(`${id}\n`);
});

test("-allocs and prefixes that match several are refused in a table", async () => {
  const two = {
    "GET /v1/nodes": {
      body: [
        { ID: "ab1", Name: "x" },
        { ID: "ab2", Name: "y" },
      ],
    },
  };
  const result = await runAgainst(two, ["node", "status", "abc"]);
  expect(result.code).toBe(1);
  expect(result.err).toContain("Prefix matched multiple nodes\n\nID   DC");
  expect(result.requests[0]?.query.get("prefix")).toBe("ab");
});

test("devices stand with their figures, and what they are in the long answer", async () => {
  const Devices = [buildGpus("K80", ["GPU-b", "GPU-a"])];
  const figures = (used: number) => ({
    Summary: { IntNumeratorVal: used, IntDenominatorVal: 11_264, Unit: "MiB", Desc: "" },
    Stats: {
      Nested: null,
      Attributes: { Temperature: { IntNumeratorVal: 41, Unit: "C", Desc: "" } },
    },
    Timestamp: "",
  });
  const group = { Vendor: "nvidia", Type: "gpu", Name: "K80" };
  const withDevices: Routes = {
    ...routes,
    [`GET /v1/node/${id}`]: {
      body: {
        ...node,
        NodeResources: {
          Cpu: { CpuShares: 4000 },
          Memory: { MemoryMB: 4096 },
          Disk: { DiskMB: 20480 },
          Devices,
        },
      },
    },
    "GET /v1/client/stats": {
      body: { ...stats, DeviceStats: [{ ...group, InstanceStats: { "GPU-b": figures(12) } }] },
    },
  };
  const { out } = await runAgainst(withDevices, ["node", "status", "-stats", "-verbose", id]);
  expect(out).toContain(`
Device Resource Utilization
nvidia/gpu/K80[GPU-a]  <none>
nvidia/gpu/K80[GPU-b]  12 / 11264 MiB
`);
  expect(out).toContain(`
Device Stats
Device      = nvidia/gpu/K80[GPU-b]
Temperature = 41 C
`);
  expect(out).toContain(`
Device Group Attributes
Device Group   = nvidia/gpu/K80
driver_version = 535.54.3
memory         = 11264 MiB
`);
});
