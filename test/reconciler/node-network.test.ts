import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { allocationId } from "../../src/model/ids.ts";
import { buildNetwork } from "../support/build-job.ts";
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
const DNS = { Servers: ["10.0.0.53"], Searches: null, Options: null };
const job = scriptedJob({
  TaskGroups: [
    scriptedGroup({
      Networks: [buildNetwork({ Mode: "bridge", DNS })],
      Tasks: [scriptedTask(), scriptedTask({ Name: "side" })],
    }),
  ],
});
const running = () => b.engine.running().toSorted();

test("tasks join the network of their group, see its addresses, and the servers hear of them", async () => {
  const agent = await b.start();
  const wanted = wantedBy(agent, job);
  const Ports = [
    { Label: "http", Value: 20_100, To: 8080, HostIP: "10.0.0.1", IgnoreCollision: false },
  ];
  const AllocatedResources = {
    ...wanted.allocation.AllocatedResources,
    Shared: { ...wanted.allocation.AllocatedResources.Shared, Ports },
  };
  b.source.put({ ...wanted, allocation: { ...wanted.allocation, AllocatedResources } });
  await b.until("both tasks to run", () => running().length === 2);
  expect(running()).toEqual(["main#0", "side#0"]);
  await b.statusIs("running");
  const { spec } = b.engine.task("main");
  expect(spec.network).toBe("network-1");
  expect(spec.env).toMatchObject({
    NOMAD_ALLOC_IP_http: "172.17.0.2",
    NOMAD_ALLOC_ADDR_http: "172.17.0.2:8080",
    NOMAD_ALLOC_INTERFACE_http: "eth0",
  });
  expect(b.source.last(id)?.networkStatus).toEqual({
    InterfaceName: "eth0",
    Address: "172.17.0.2",
    AddressIPv6: "",
    DNS: { Servers: ["10.0.0.53"], Searches: [], Options: [] },
  });
});

test("an agent that lost its memory takes the network up again without touching a task", async () => {
  const first = await b.start();
  b.source.put(wantedBy(first, job));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  await b.start();
  await b.until("all is quiet", () => running().length === 2, 100);
  await b.pass(20_000);
  expect(b.engine.calls.toSorted()).toEqual(["make network", "start main#0", "start side#0"]);
});

test("a lost network is made anew, and each task begins anew in it, once", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent, job));
  await b.statusIs("running");
  b.engine.networks.made.delete(id);
  await b.until("both anew", () => running().join() === "main#1,side#1", 1_000);
  await b.pass(20_000);
  expect(b.engine.task("side").spec.network).toBe("network-2");
  expect(running()).toEqual(["main#1", "side#1"]);
  expect(b.source.last(id)?.clientStatus).toBe("running");
});

test("a network that the engine refuses fails the allocation, with the engine's words", async () => {
  b.engine.networks.errors.push(new AppError("driver", "no address is left"));
  const agent = await b.start();
  b.source.put(wantedBy(agent, job));
  await b.statusIs("failed");
  expect(b.source.last(id)?.taskStates["main"]?.Events.at(-1)?.Details["setup_error"]).toBe(
    'failed to setup alloc: pre-run hook "network" failed: no address is left',
  );
  expect(running()).toEqual([]);
});

test("a network that belongs to nothing any more is cleared away after the grace", async () => {
  const agent = await b.start();
  const spec = {
    allocationId: allocationId("99999999-9999-4999-a999-999999999999"),
    owner: { cluster: "test", nodeId: agent.nodeId },
    jobId: "gone",
    group: "g",
    hostname: "",
    ports: [],
    dns: undefined,
  };
  const signal = new AbortController().signal;
  await b.engine.driver().networks?.ensure(spec, () => undefined, signal);
  b.source.put(wantedBy(agent, job));
  await b.statusIs("running");
  expect(b.engine.networks.made.size).toBe(2);
  await b.until("the stray is gone", () => b.engine.networks.made.size === 1, 5_000);
  expect([...b.engine.networks.made.keys()]).toEqual([id]);
});

test("a network that cannot be made anew is not asked for again and again while its tasks still end", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent, job));
  await b.statusIs("running");
  b.engine.stopGate = new Promise(() => undefined);
  b.engine.networks.errors.push(
    ...Array.from({ length: 500 }, () => new AppError("driver", "the engine says: ouch")),
  );
  b.engine.networks.made.clear();
  await b.pass(30_000);
  const asked = 500 - b.engine.networks.errors.length;
  expect(asked).toBeGreaterThan(2);
  expect(asked).toBeLessThan(20);
});
