import { expect, test } from "vitest";
import { describeNode } from "../../../../src/node/fingerprint.ts";
import {
  nodeVariables,
  taskEnvironment,
} from "../../../../src/reconciler/core/node/task-environment.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";
import { withTaskNetwork } from "../../../support/task-network.ts";
import { testNodeOptions } from "../../../support/node-facts.ts";

const node = describeNode(testNodeOptions);

function environment(task = scriptedTask(), hostEnv = {}): Readonly<Record<string, string>> {
  const group = scriptedGroup({ Tasks: [task], Meta: { tier: "group", a: "group" } });
  const job = scriptedJob({ TaskGroups: [group], Meta: { tier: "job" } });
  const desired = buildDesired(job);
  const ports = [
    { Label: "ht-tp", Value: 25_000, To: 80, HostIP: "10.0.0.1", IgnoreCollision: false },
  ];
  const allocation = {
    ...desired.allocation,
    AllocatedResources: {
      ...desired.allocation.AllocatedResources,
      Shared: { Networks: null, DiskMB: 1, Ports: ports },
    },
  };
  const directories = { shared: "/alloc", local: "/local", secrets: "/secrets" };
  const region = "global";
  return taskEnvironment({ allocation, job, group, task, node, region, directories, hostEnv });
}

test("a task sees who it is, what it may use and where its files are", () => {
  expect(environment()).toMatchObject({
    NOMAD_ALLOC_DIR: "/alloc",
    NOMAD_TASK_DIR: "/local",
    NOMAD_SECRETS_DIR: "/secrets",
    NOMAD_MEMORY_LIMIT: "64",
    NOMAD_CPU_LIMIT: "100",
    NOMAD_CPU_CORES: " ",
    NOMAD_ALLOC_INDEX: "0",
    NOMAD_SHORT_ALLOC_ID: "22222222",
    NOMAD_TASK_NAME: "main",
    NOMAD_GROUP_NAME: "web",
    NOMAD_JOB_NAME: "shop",
    NOMAD_DC: "dc1",
    NOMAD_REGION: "global",
  });
  expect(environment()).not.toHaveProperty("NOMAD_MEMORY_MAX_LIMIT");
  expect(environment()).not.toHaveProperty("NOMAD_JOB_PARENT_ID");
});

test("ports have their variables; names are cleaned only in the groups that are", () => {
  expect(environment()).toMatchObject({
    NOMAD_PORT_ht_tp: "80",
    NOMAD_HOST_PORT_ht_tp: "25000",
    NOMAD_IP_ht_tp: "10.0.0.1",
    NOMAD_ADDR_ht_tp: "10.0.0.1:25000",
    "NOMAD_HOST_ADDR_ht-tp": "10.0.0.1:25000",
    "NOMAD_ALLOC_PORT_ht-tp": "80",
  });
});

test("meta of the task wins over the group's, the group's over the job's, in both spellings", () => {
  const meta = environment(scriptedTask({ Meta: { a: "task ${node.datacenter}" } }));
  expect(meta).toMatchObject({
    NOMAD_META_a: "task dc1",
    NOMAD_META_A: "task dc1",
    NOMAD_META_tier: "group",
  });
});

test("the env block may override everything and use what is known", () => {
  const task = scriptedTask({
    Env: { NOMAD_TASK_NAME: "mine", WHERE: "${attr.kernel.name}-${X}" },
  });
  expect(environment(task, { X: "host", NOMAD_DC: "wrong" })).toMatchObject({
    NOMAD_TASK_NAME: "mine",
    WHERE: "linux-host",
    NOMAD_DC: "dc1",
  });
});

test("node variables and core sets are spelled as they are asked for", () => {
  expect(nodeVariables(node, "global")).toMatchObject({
    "node.unique.name": "lab",
    "attr.cpu.arch": "amd64",
    "node.attr.cpu.arch": "amd64",
  });
});

test("a task with a network of its own sees its ports, as port_map names them; its siblings see where they are", () => {
  const task = scriptedTask({ Config: { port_map: [{ db: 6379 }] } });
  const sibling = scriptedTask({ Name: "side" });
  const group = scriptedGroup({ Tasks: [task, sibling] });
  const job = scriptedJob({ TaskGroups: [group] });
  const allocation = withTaskNetwork(buildDesired(job).allocation, "main");
  const directories = { shared: "/alloc", local: "/local", secrets: "/secrets" };
  const of = (one: typeof task) =>
    taskEnvironment({
      allocation,
      job,
      group,
      node,
      region: "global",
      directories,
      hostEnv: {},
      task: one,
    });
  expect(of(task)).toMatchObject({
    NOMAD_PORT_db: "6379",
    NOMAD_HOST_PORT_db: "25001",
    NOMAD_IP_db: "10.0.0.1",
    NOMAD_IPv4_db: "10.0.0.1",
    NOMAD_ADDR_db: "10.0.0.1:25001",
    NOMAD_PORT_admin: "8080",
  });
  expect(of(sibling)).toMatchObject({
    NOMAD_IP_main_db: "10.0.0.1",
    NOMAD_PORT_main_db: "25001",
    NOMAD_ADDR_main_db: "10.0.0.1:25001",
  });
  expect(of(sibling)).not.toHaveProperty("NOMAD_PORT_db");
});
