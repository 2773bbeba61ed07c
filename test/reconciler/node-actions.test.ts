import { afterEach, beforeEach, expect, test } from "vitest";
import type { ExecRequest, TaskDriver } from "../../src/drivers/port.ts";
import { buildNetwork } from "../support/build-job.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import { scriptedGroup, scriptedJob, testAllocationId as id } from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

test("words of a job mean what the task has by their names, those of a person stay as they are", async () => {
  const asked: ExecRequest[] = [];
  const driver = b.engine.driver();
  const exec: TaskDriver["exec"] = async (_handle, request) => {
    asked.push(request);
    throw new Error("nothing runs here");
  };
  b.engine.driver = () => ({ ...driver, exec });
  const agent = await b.start();
  const group = scriptedGroup({ Networks: [buildNetwork({ Mode: "bridge" })] });
  const wanted = wantedBy(agent, scriptedJob({ TaskGroups: [group] }));
  const { AllocatedResources } = wanted.allocation;
  const port = { Label: "http", Value: 20_100, To: 80, HostIP: "10.0.0.1", IgnoreCollision: false };
  const Shared = { ...AllocatedResources.Shared, Ports: [port] };
  b.source.put({
    ...wanted,
    allocation: { ...wanted.allocation, AllocatedResources: { ...AllocatedResources, Shared } },
  });
  await b.statusIs("running");
  const words = [
    "${NOMAD_TASK_NAME}",
    "at ${NOMAD_ALLOC_ADDR_http}",
    "${node.unique.name} ${NOPE}",
  ];
  const run = (isOfJob: boolean): Promise<unknown> =>
    agent.exec(id, "main", { command: words, tty: false, isOfJob }, new AbortController().signal);
  await expect(run(true)).rejects.toThrow("nothing runs here");
  await expect(run(false)).rejects.toThrow("nothing runs here");
  const node = agent.node().Name;
  expect(asked).toEqual([
    { command: ["main", "at 172.17.0.2:80", `${node} \${NOPE}`], tty: false },
    { command: words, tty: false },
  ]);
});
