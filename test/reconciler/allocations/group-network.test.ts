import { expect, test } from "vitest";
import type { TaskDriver } from "../../../src/drivers/port.ts";
import {
  namespaceFor,
  networkDriverOf,
} from "../../../src/reconciler/allocations/group-network.ts";
import { ScriptedEngine } from "../../support/scripted-driver.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../support/scripted-job.ts";

const engine = new ScriptedEngine();
const docker = engine.driver("docker");
const { networks: _, ...exec } = engine.driver("exec");
const drivers = new Map<string, TaskDriver>([
  ["exec", exec],
  ["docker", docker],
]);
const signal = new AbortController().signal;
const owner = { cluster: "test", nodeId: "n" };
const of = (driver: string) =>
  buildDesired(
    scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: [scriptedTask({ Driver: driver })] })] }),
  );

test("a driver of the group's tasks makes its network, else another one of the node", () => {
  expect(networkDriverOf(of("docker"), drivers)?.name).toBe("docker");
  expect(networkDriverOf(of("exec"), drivers)?.name).toBe("docker");
  expect(networkDriverOf(of("exec"), new Map([["exec", exec]]))).toBeUndefined();
});

test("a task of a driver without networks is told the namespace, as long as it is the one that it is to join", async () => {
  const desired = of("exec");
  const { allocation } = desired;
  const spec = { allocationId: allocation.ID, owner, jobId: "j", group: "g", hostname: "" };
  const made = await docker.networks?.ensure(
    { ...spec, ports: [], dns: undefined },
    () => undefined,
    signal,
  );
  const look = (driver: TaskDriver, network: string | undefined): Promise<string | undefined> =>
    namespaceFor(desired, driver, { drivers, owner, network }, signal);
  expect(await look(exec, made?.handle)).toBe(`/run/${made?.handle ?? ""}`);
  expect(await look(docker, made?.handle)).toBeUndefined();
  expect(await look(exec, undefined)).toBeUndefined();
  await expect(look(exec, "an older one")).rejects.toThrow("the network of the group is not there");
});
