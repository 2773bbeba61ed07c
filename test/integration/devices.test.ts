import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import type { Node } from "../../src/model/node.ts";
import { docker, liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { uuidA, uuidB } from "../support/nvidia-answers.ts";
import { fakeNvidia } from "../support/nvidia-program.ts";
import { until } from "../support/until.ts";

/** A whole agent, a real engine and an `nvidia-smi` of our own: from the cards of the machine to the container. */
const fake = fakeNvidia();
let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({
    dev: false,
    env: { PATH: `${fake.dir}:${process.env["PATH"] ?? ""}` },
    config: `
      plugin "docker" { config { nvidia_runtime = "runc" } }
      plugin "nvidia-gpu" { config { fingerprint_period = "1s" } }`,
  });
  await agent.start();
});
afterAll(async () => {
  await agent.cleanUp();
  fake.clean();
});

const jobText = (name: string, resources: string): string => `
job "${name}" {
  group "g" {
    task "t" {
      driver       = "docker"
      kill_timeout = "1s"
      config {
        image   = "busybox:1.36"
        command = "sh"
        args    = ["-c", "echo $NVIDIA_VISIBLE_DEVICES $NOMAD_CPU_CORES; exec sleep 3600"]
      }
      resources {
        memory = 32
        ${resources}
      }
    }
  }
}`;
async function register(name: string, resources: string): Promise<void> {
  const parsed = parseJob(jobText(name, resources), { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  expect(await agent.send("PUT", "/v1/jobs", { Job: parsed.body })).toMatchObject({ status: 200 });
}
const running = (job: string): Promise<Allocation> =>
  until(`${job} to run`, async () => {
    const all = await agent.get<Allocation[]>(`/v1/job/${job}/allocations`);
    const [found] = all.filter((one) => one.ClientStatus === "running");
    return found && agent.get<Allocation>(`/v1/allocation/${found.ID}`);
  });
const refusal = (job: string) =>
  until(`${job} to wait`, async () => {
    const all = await agent.get<Evaluation[]>(`/v1/job/${job}/evaluations`);
    return all.find((one) => one.Status === "blocked")?.FailedTGAllocs?.["g"];
  });
const healthOf = async (): Promise<readonly (readonly [string, boolean])[]> => {
  const node = await agent.get<Node>(`/v1/node/${agent.nodeId()}`);
  return (node.NodeResources.Devices ?? []).flatMap(({ Instances }) =>
    Instances.map(({ ID, Healthy }) => [ID, Healthy] as const),
  );
};
async function nomad(...words: string[]): Promise<string> {
  const main = new URL("../../dist/main.js", import.meta.url).pathname;
  const env = { ...process.env, NOMAD_ADDR: agent.address };
  return (await promisify(execFile)(process.execPath, [main, ...words], { env })).stdout;
}

test("a job gets the card and the core that it asks for, and nobody else gets them", async () => {
  expect(await healthOf()).toEqual([
    [uuidB, true],
    [uuidA, true],
  ]);
  await register(
    "render",
    `cores = 1
     device "nvidia/gpu" {
       constraint {
         attribute = "\${device.attr.memory}"
         operator  = "<"
         value     = "30 GiB"
       }
     }`,
  );
  const { ID: id, AllocatedResources: given } = await running("render");
  expect(given.Tasks["t"]).toMatchObject({
    Cpu: { CpuShares: 4000, ReservedCores: [0] },
    Devices: [
      { Vendor: "nvidia", Type: "gpu", Name: "NVIDIA GeForce RTX 3090", DeviceIDs: [uuidA] },
    ],
  });
  const { HostConfig: host } = await docker.getContainer(`t-${id}`).inspect();
  expect(host).toMatchObject({ CpusetCpus: "0", Runtime: "runc" });
  await until("the task's words", async () => {
    const log = await fetch(
      `${agent.address}/v1/client/fs/logs/${id}?task=t&type=stdout&plain=true`,
    );
    return (await log.text()) === `${uuidA} 0\n`;
  });

  await register("again", 'device "nvidia/gpu/NVIDIA GeForce RTX 3090" {}');
  expect(await refusal("again")).toMatchObject({
    NodesExhausted: 1,
    DimensionExhausted: { "devices: no devices match request": 1 },
  });
  await register("both", "cores = 2");
  expect(await refusal("both")).toMatchObject({ DimensionExhausted: { cores: 1 } });
  await agent.send("DELETE", "/v1/job/render?purge=true");
  expect((await running("again")).AllocatedResources.Tasks["t"]?.Devices).toMatchObject([
    { DeviceIDs: [uuidA] },
  ]);
});

test("the command line shows devices, their figures and cores", async () => {
  await register("shown", 'cores = 1\n device "gpu" {}');
  const { ID: id } = await running("shown");
  const alloc = await nomad("alloc", "status", "-stats", id);
  expect(alloc).toContain("CPU (1 cores)");
  expect(alloc).toContain(`Device Stats\nnvidia/gpu/NVIDIA A100-SXM4-40GB[${uuidB}]`);
  const node = await nomad("node", "status", "-stats", "-verbose", agent.nodeId());
  expect(node).toContain(
    `\nDevice Resource Utilization\nnvidia/gpu/NVIDIA A100-SXM4-40GB[${uuidB}]    30000 / 40960 MiB\n`,
  );
  expect(node).toMatch(/\nDevice Stats\nDevice +=/);
  expect(node).toMatch(/\nDevice Group Attributes\nDevice Group +=/);
});

test("a card that cannot be told any more is not given away, until it can be", async () => {
  fake.script("echo 'NVIDIA-SMI has failed' >&2; exit 9");
  await until("the cards to be unwell", async () =>
    (await healthOf()).every(([, isHealthy]) => !isHealthy),
  );
  await agent.send("DELETE", "/v1/job/shown?purge=true");
  await register("late", 'device "nvidia/gpu/NVIDIA A100-SXM4-40GB" {}');
  expect(await refusal("late")).toMatchObject({
    NodesFiltered: 1,
    ConstraintFiltered: { "missing devices": 1 },
  });
  fake.answer({});
  await running("late");
});
