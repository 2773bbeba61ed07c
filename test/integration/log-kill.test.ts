import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemRandom } from "../../src/lib/system/random.ts";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent | undefined;
afterEach(async () => {
  await agent?.cleanUp();
  agent = undefined;
});

const stop = "$NOMAD_ALLOC_DIR/data/stop";
/** Writes numbered lines, so many at once, until the file appears. */
const counter = (lines: number, padding: string): string => `
  i=0
  while [ ! -e ${stop} ]; do
    seq $((i*${lines})) $((i*${lines}+${lines - 1})) | sed 's/$/ ${padding}/'
    i=$((i+1))
    sleep 0.1
  done
  echo end
  exec sleep 1000`;

const task = (Name: string, Driver: string, Config: object, script: string): object => ({
  Name,
  Driver,
  Config: { ...Config, command: "/bin/sh", args: ["-c", script] },
  KillSignal: "SIGKILL",
  LogConfig: { MaxFiles: 60, MaxFileSizeMB: 5 },
  Resources: { CPU: 50, MemoryMB: 64 },
});
const padding = "x".repeat(1000);
/** The first writes enough for read parts to be given back to the disk. */
const Tasks = [
  task("plain", "raw_exec", {}, counter(300, padding)),
  task("boxed", "docker", { image: "busybox:1.36" }, counter(20, "y")),
];
const EphemeralDisk = { SizeMB: 1000 };
const Job = {
  ID: "count",
  Name: "count",
  Type: "service",
  Datacenters: ["*"],
  TaskGroups: [{ Name: "g", Count: 1, EphemeralDisk, Tasks }],
};

test("killed at any moment again and again, an agent leaves each line in the logs exactly once", async () => {
  agent = await liveAgent({ dev: false });
  await agent.start();
  expect(await agent.send("PUT", "/v1/jobs", { Job })).toMatchObject({ status: 200 });
  const running = agent;
  const id = await until("the allocation to run", async () => {
    const [one] = await running.get<{ ID: string; ClientStatus: string }[]>(
      "/v1/job/count/allocations",
    );
    return one?.ClientStatus === "running" ? one.ID : undefined;
  });
  const allocation = join(agent.dir, "data", "alloc", id, "alloc");
  const linesOf = (name: string): readonly string[] => {
    const directory = join(allocation, "logs");
    const files = readdirSync(directory)
      .map((file) => new RegExp(`^${name}\\.stdout\\.(\\d+)$`).exec(file)?.[1])
      .flatMap((index) => (index === undefined ? [] : [Number(index)]))
      .sort((a, b) => a - b);
    return files
      .map((index) => readFileSync(join(directory, `${name}.stdout.${index}`), "latin1"))
      .join("")
      .split("\n");
  };
  const records = join(agent.dir, "data", "client", "raw_exec");
  await until("read parts to be given back to the disk", () =>
    readdirSync(records).some((handle) => existsSync(join(records, handle, "released"))),
  );
  await agent.stop("SIGKILL");
  const points = ["log-write:after", "log-position:before", "log-position:after"] as const;
  const killedAt: string[] = [];
  for (const point of [...points, ...points]) {
    const at = `${point}=${1 + Math.floor(systemRandom.fraction() * 40)}`;
    killedAt.push(at);
    // Some are passed as often already while it comes up.
    await agent.start({ NOMAD_FAILPOINT: at }).catch(() => undefined);
    expect(await agent.ended(), at).toBe("SIGKILL");
  }
  await agent.start();
  writeFileSync(join(allocation, "data", "stop"), "");
  for (const name of ["plain", "boxed"]) {
    const lines = await until(
      `the end of ${name}`,
      () => {
        const all = linesOf(name);
        return all.at(-2) === "end" ? all.slice(0, -2) : undefined;
      },
      { timeoutMs: 40_000, pollMs: 250 },
    );
    const wrong = lines.findIndex((line, at) => !line.startsWith(`${at} `));
    expect({ name, killedAt, wrong, line: lines[wrong] }).toEqual({
      name,
      killedAt,
      wrong: -1,
      line: undefined,
    });
    expect(lines.length).toBeGreaterThan(0);
  }
}, 180_000);
