import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { until } from "../test/support/until.ts";
import { register } from "./support/bench-job.ts";
import { image } from "./support/bare-docker.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { figure, millis, seconds } from "./support/report.ts";

type DriverName = "raw_exec" | "docker";
const floodSeconds = 10;
const counts = 800;
const line = "a line of a task that writes as fast as it can, ".repeat(2);
const scripts = {
  flood: `timeout ${floodSeconds} yes "${line}"; exec sleep 1000`,
  quiet: `i=0; while [ $i -lt ${counts} ]; do echo count $i; i=$((i+1)); sleep 0.01; done; echo end; exec sleep 1000`,
} as const;

/** A task that writes as fast as it can beside one that writes a numbered line every 10 ms, of which none may miss. */
export async function benchLogs(): Promise<void> {
  for (const driver of ["raw_exec", "docker"] as const) {
    const agent = await measuredAgent({ dev: false });
    try {
      await flood(agent, driver);
    } finally {
      await agent.cleanUp();
    }
  }
}

async function flood(agent: MeasuredAgent, driver: DriverName): Promise<void> {
  await until("the driver", async () => {
    const { Drivers } = await agent.get<{ Drivers: { [name: string]: { Healthy: boolean } } }>(
      `/v1/node/${agent.nodeId()}`,
    );
    return Drivers[driver]?.Healthy === true;
  });
  await register(agent, jobOf(driver));
  const id = await until("the allocation to run", async () => {
    const [one] =
      await agent.get<{ ID: string; ClientStatus: string }[]>(`/v1/job/logs/allocations`);
    return one?.ClientStatus === "running" ? one.ID : undefined;
  });
  await agent.loop();
  const before = usageOf(agent);
  const start = performance.now();
  const ended = async (): Promise<boolean> =>
    (await readLog(agent, id, "origin=end&offset=4")) === "end\n";
  await until("the flood to be over", () => performance.now() - start > floodSeconds * 1e3, {
    timeoutMs: 60_000,
  });
  const stretches = await agent.loop();
  const after = usageOf(agent);
  const took = (performance.now() - start) / 1e3;
  const megabytes = (await takenIn(agent, id)) / 2 ** 20;
  await until("the last count", ended, { timeoutMs: 120_000 });
  const expected = Array.from({ length: counts }, (_, at) => `count ${at}\n`).join("");
  if ((await readLog(agent, id, "origin=start")) !== `${expected}end\n`)
    throw new Error(`lines of the quiet ${driver} task are missing or came twice`);
  const cpuMs = after.cpuMs - before.cpuMs;
  const waited = (after.waitedMs - before.waitedMs) / (after.mainMs - before.mainMs);
  figure({
    what: `${driver} flood: taken in`,
    value: `${(megabytes / took).toFixed(1)} MB/s`,
    beside: `agent's processor time ${(cpuMs / megabytes).toFixed(1)} ms/MB, ${(cpuMs / took / 1e3).toFixed(2)} cores`,
  });
  figure({
    what: `event loop p99, ${driver} flood`,
    value: millis(stretches.p99),
    beside: `max ${millis(stretches.max)}; waited for a core ${waited.toFixed(2)} x its own time, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
    aim: "20 ms",
  });
  figure({
    what: `lines of a quiet ${driver} task lost beside it`,
    value: `0 of ${counts}`,
    beside: seconds(took * 1e3),
    aim: "0",
  });
}

const jobOf = (driver: DriverName): object => ({
  Job: {
    ID: "logs",
    Name: "logs",
    Type: "service",
    Datacenters: ["*"],
    TaskGroups: [
      {
        Name: "group",
        Count: 1,
        Tasks: (["flood", "quiet"] as const).map((name) => ({
          Name: name,
          Driver: driver,
          Config: {
            ...(driver === "docker" ? { image } : {}),
            command: "/bin/sh",
            args: ["-c", scripts[name]],
          },
          KillSignal: "SIGKILL",
          LogConfig: { MaxFiles: 3, MaxFileSizeMB: 10 },
          Resources: { CPU: 100, MemoryMB: 64 },
        })),
      },
    ],
  },
});

async function readLog(agent: MeasuredAgent, id: string, query: string): Promise<string> {
  const path = `/v1/client/fs/logs/${id}?task=quiet&type=stdout&plain=true&${query}`;
  return (await fetch(`${agent.address}${path}`)).text();
}

/** The files before the ones that are kept were full. */
async function takenIn(agent: MeasuredAgent, id: string): Promise<number> {
  const files = await agent.get<{ Name: string; Size: number }[]>(
    `/v1/client/fs/ls/${id}?path=alloc/logs`,
  );
  const flooded = files
    .map(({ Name, Size }) => ({ at: /^flood\.stdout\.(\d+)$/.exec(Name)?.[1], Size }))
    .flatMap(({ at, Size }) => (at === undefined ? [] : [{ at: Number(at), Size }]));
  const last = flooded.toSorted((a, b) => b.at - a.at)[0];
  return last === undefined ? 0 : last.at * 10 * 2 ** 20 + last.Size;
}

interface Usage {
  /** All threads of the agent. */
  readonly cpuMs: number;
  /** The main thread alone: what it ran, and how long it waited for a core meanwhile. */
  readonly mainMs: number;
  readonly waitedMs: number;
}
const tickMs = 10;

function usageOf(agent: MeasuredAgent): Usage {
  const pid = agent.pid();
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8")
    .split(" ")
    .map(Number);
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    mainMs: ran / 1e6,
    waitedMs: waited / 1e6,
  };
}
