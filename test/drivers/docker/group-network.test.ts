import { statSync } from "node:fs";
import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDockerDriver, defaultDockerConfig } from "../../../src/drivers/docker.ts";
import { networkName } from "../../../src/drivers/docker/group-network.ts";
import { elf, pauseImage } from "../../../src/drivers/docker/pause-image.ts";
import type { GroupNetworkSpec, TaskSpec } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { freePort } from "../../agent/agent-process.ts";
import { until } from "../../support/until.ts";

const signal = new AbortController().signal;
const engine = new Docker({ socketPath: "/var/run/docker.sock" });
const driver = createDockerDriver({
  clock: createSystemClock(),
  log: silentLogger,
  config: defaultDockerConfig,
});
const script = (text: string, more = {}) => ({
  image: "busybox:1.36",
  command: "sh",
  args: ["-c", text],
  ...more,
});
let bench: ReturnType<typeof makeDriverBench>;
beforeEach(() => {
  bench = makeDriverBench();
});
afterEach(async () => {
  for (const task of await driver.list(bench.owner, signal))
    await driver.remove(task.handle, signal);
  for (const id of (await driver.networks?.list(bench.owner, signal)) ?? [])
    await driver.networks?.remove(id, bench.owner, signal);
  bench.clean();
});

async function networkFor(spec: TaskSpec, change: Partial<GroupNetworkSpec> = {}): Promise<string> {
  const made = await driver.networks?.ensure(
    {
      allocationId: spec.key.allocationId,
      owner: spec.owner,
      jobId: "job",
      group: "group",
      hostname: "",
      ports: [],
      dns: undefined,
      ...change,
    },
    () => undefined,
    signal,
  );
  return made?.handle ?? "";
}
const start = (spec: TaskSpec) => driver.start(spec, () => undefined, signal);
async function outputOf(handle: string): Promise<string> {
  await until("the task to end", async () => (await driver.inspect(handle, signal))?.exit);
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  return text;
}

test("tasks of one group reach each other on localhost, and the host reaches them by the port", async () => {
  const port = await freePort();
  const web = bench.spec(
    script("mkdir /www && echo hello >/www/index.html && exec httpd -f -p 8080 -h /www"),
  );
  const http = {
    Label: "http",
    Value: port,
    To: 8080,
    HostIP: "127.0.0.1",
    IgnoreCollision: false,
  };
  const network = await networkFor(web, { ports: [http] });
  await start({ ...web, network });
  const answer = await until("the published port", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    return response?.ok === true ? response.text() : undefined;
  });
  expect(answer).toBe("hello\n");
  const other = bench.spec(script("wget -q -O - http://127.0.0.1:8080/"), {
    key: { ...web.key, task: "client" },
    network,
  });
  const { handle } = await start(other);
  expect(await outputOf(handle)).toBe("hello\n");
});

test("a task with names of its own finds them, and those of its group", async () => {
  const spec = bench.spec(
    script("cat /etc/hosts; echo --; cat /etc/resolv.conf; hostname", {
      extra_hosts: ["db.lab:10.9.8.7"],
      dns_servers: ["10.1.1.1"],
      dns_search_domains: ["lab"],
      hostname: "ignored",
    }),
  );
  const network = await networkFor(spec, { hostname: "front" });
  const text = await outputOf((await start({ ...spec, network })).handle);
  expect(text).toMatch(/^10\.9\.8\.7 db\.lab$/m);
  expect(text).toMatch(/^172\.[\d.]+ front$/m);
  expect(text).toMatch(/--\nnameserver 10\.1\.1\.1\nsearch lab\nfront\n$/);
});

test("name servers of the group reach every task of it", async () => {
  const spec = bench.spec(script("cat /etc/resolv.conf", { dns_servers: ["10.1.1.1"] }));
  const dns = { servers: ["10.2.2.2"], searches: [], options: [] };
  const network = await networkFor(spec, { dns });
  const text = await outputOf((await start({ ...spec, network })).handle);
  expect(text).toMatch(/nameserver 10\.2\.2\.2/);
  expect(text).not.toMatch(/10\.1\.1\.1/);
});

test("a network whose container was killed counts as lost and is made anew", async () => {
  const spec = bench.spec(script("sleep 60"));
  const first = await networkFor(spec);
  await engine.getContainer(first).kill();
  const { allocationId } = spec.key;
  expect(await driver.networks?.inspect(allocationId, spec.owner, signal)).toBeUndefined();
  const second = await networkFor(spec);
  expect(second).not.toBe(first);
  expect((await engine.getContainer(second).inspect()).State.Running).toBe(true);
});

test("a stranger's container of that name is left alone, and the text says what to do", async () => {
  const spec = bench.spec(script("sleep 60"));
  const name = networkName(spec.key.allocationId);
  const stranger = await engine.createContainer({ name, Image: "busybox:1.36", Cmd: ["true"] });
  try {
    await expect(networkFor(spec)).rejects.toThrow(`docker rm -f ${name}`);
    expect((await stranger.inspect()).State.Status).toBe("created");
  } finally {
    await stranger.remove({ force: true });
  }
});

test("the built-in program holds no rights, and an unknown machine is told what to do", async () => {
  const spec = bench.spec({});
  const info = await engine.getContainer(await networkFor(spec)).inspect();
  expect(info.Config.Image).toMatch(/^sha256:|^nomad-ts/);
  expect(info.HostConfig).toMatchObject({
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    ReadonlyRootfs: true,
    RestartPolicy: { Name: "no" },
  });
  expect(await engine.getImage(pauseImage).inspect()).toMatchObject({ Os: "linux" });
  expect(() => elf("riscv64")).toThrow("set infra_image");
});

test("the namespace of a network is told, for tasks that no container holds", async () => {
  const spec = bench.spec(script("sleep 600"));
  const network = await networkFor(spec);
  const found = await driver.networks?.inspect(spec.key.allocationId, bench.owner, signal);
  const info = await engine.getContainer(network).inspect();
  const inode = (path: string): string => statSync(path).ino.toString();
  expect(inode(found?.namespace ?? "/")).toBe(inode(`/proc/${info.State.Pid}/ns/net`));
});
