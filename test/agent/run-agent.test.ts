import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { type AgentHome, agentHome, freePort, takePort } from "./agent-process.ts";

let home: AgentHome;
beforeEach(() => {
  home = agentHome();
});
afterEach(() => home.close());

const config = (port: number, more = ""): string =>
  home.write("nomad.hcl", `ports { http = ${port} }\njobs { enabled = false }\n${more}`);
const dev = (file: string) =>
  home.start("-dev", `-data-dir=${join(home.dir, "data")}`, `-config=${file}`);

test("a real agent prints its banner in order, logs after it, and stops when it is told to", async () => {
  const file = config(await freePort());
  const agent = dev(file);
  await agent.says("this server leads");
  agent.signal("SIGTERM");
  expect(await agent.ended).toBe(1);
  const lines = agent.out().split("\n");
  expect(lines.slice(0, 4)).toEqual([
    `==> Loaded configuration from ${file}`,
    "==> Starting Nomad agent...",
    "==> Nomad agent configuration:",
    "",
  ]);
  const started = lines.indexOf("==> Nomad agent started! Log data will stream in below:");
  expect(lines.slice(4, started - 1).map((line) => line.split(": ")[0]?.trim())).toEqual([
    "Advertise Addrs",
    "Bind Addrs",
    "Client",
    "Log Level",
    "Node Id",
    "Region",
    "Server",
    "Version",
  ]);
  expect(lines.slice(0, started).filter((line) => line.includes("[INFO]"))).toEqual([]);
  expect(lines[started + 2]).toMatch(/^ {4}\d{4}-\d\d-\d\dT[\d:.]+Z \[\w+\] +nomad\./);
  expect(lines).toContain("==> Caught signal: terminated");
  const stopped = lines.flatMap((line) => /stopped: part="?([^"]+)"?$/.exec(line)?.[1] ?? []);
  expect(stopped.indexOf("http listener")).toBeLessThan(stopped.indexOf("node"));
  expect(stopped.indexOf("node")).toBeLessThan(stopped.indexOf("store"));
  expect(stopped.at(-1)).toBe("home lock");
  expect(agent.error()).toBe("");
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s before the banner stops what was started, in reverse",
  async (name) => {
    const agent = dev(config(await freePort()));
    await agent.says("Starting Nomad agent...");
    agent.signal(name);
    expect(await agent.ended).toBe(1);
    expect(agent.out()).toContain(`caught ${name}`);
    const stopped = agent.out().match(/(?<=stopped: part="?)[^"\n]+/g) ?? [];
    expect(stopped.at(-1)).toBe("home lock");
    expect(agent.error()).toBe("");
  },
);

test("a hangup changes the log level, and a broken configuration changes nothing", async () => {
  const port = await freePort();
  const file = config(port, 'log_level = "INFO"');
  const agent = dev(file);
  await agent.says("this server leads");
  expect(agent.out()).not.toContain("[DEBUG]");
  config(port, 'log_level = "DEBUG"');
  agent.signal("SIGHUP");
  await agent.says("configuration reloaded");
  expect(agent.out()).toContain("==> Caught signal: hangup\n==> Reloading configuration...\n");
  config(port, 'log_levle = "ERROR"');
  agent.signal("SIGHUP");
  await agent.says(
    `==> Failed to reload configs: Error loading configuration from ${file}:3,1: unexpected key log_levle; did you mean log_level?`,
  );
  config(port, 'log_level = "LOUD"');
  agent.signal("SIGHUP");
  await agent.says("==> Failed to reload configs: Invalid log level: LOUD");
  agent.signal("SIGINT");
  await agent.ended;
  expect(agent.out()).toContain("==> Caught signal: interrupt");
  expect(agent.out()).toContain("[DEBUG] nomad.agent: stopped");
});

test("leaving gracefully ends with success", async () => {
  const agent = dev(config(await freePort(), "leave_on_interrupt = true"));
  await agent.says("this server leads");
  agent.signal("SIGINT");
  expect(await agent.ended).toBe(0);
  expect(agent.out()).toContain("==> Gracefully shutting down agent...");
});

test("a second agent on one folder is refused by name, and a killed one does not stand in the way", async () => {
  const first = dev(config(await freePort()));
  await first.says("this server leads");
  const second = dev(config(await freePort()));
  expect(await second.ended).toBe(1);
  expect(second.error()).toContain(
    `==> Error starting agent: another agent (process ${first.pid}) uses ${join(home.dir, "data")}: stop it, or give this one another -data-dir`,
  );
  first.signal("SIGKILL");
  await first.ended;
  const third = dev(config(await freePort()));
  await third.says("this server leads");
});

test("a dev agent keeps its ids, and forgets its state", async () => {
  const ids = (text: string): string => /Node Id: (\S+)/.exec(text)?.[1] ?? "none";
  const clientId = (): string =>
    readFileSync(join(home.dir, "data", "dev", "client", "client-id"), "utf8");
  const first = dev(config(await freePort()));
  await first.says("this server leads");
  const before = { server: ids(first.out()), client: clientId() };
  writeFileSync(join(home.dir, "data", "dev", "server", "left-over"), "");
  first.signal("SIGKILL");
  await first.ended;
  const second = dev(config(await freePort()));
  await second.says("this server leads");
  expect({ server: ids(second.out()), client: clientId() }).toEqual(before);
  expect(existsSync(join(home.dir, "data", "dev", "server", "left-over"))).toBe(false);
});

test("a port that is taken is named, before anything else was started", async () => {
  const { server, port } = await takePort();
  try {
    const agent = dev(config(port));
    expect(await agent.ended).toBe(1);
    expect(agent.error()).toBe(
      `==> Error starting agent: HTTP server could not start on 127.0.0.1:${port}: the port is taken: stop the other program (\`ss -ltnp sport = :${port}\` names it), or give this agent another port (ports { http = ... } in a -config file)\n`,
    );
    expect(agent.out()).not.toContain("leadership");
  } finally {
    server.close();
  }
});

test("an unknown key ends the start with its place and the near miss", async () => {
  const file = home.write("odd-name", "server {\n  enabeld = true\n}\n");
  const agent = home.start(`-config=${file}`);
  expect(await agent.ended).toBe(1);
  expect(agent.error()).toBe(
    `==> Error loading configuration from ${file}:2,3: unexpected key enabeld in server; did you mean enabled?\n`,
  );
});

test("log lines go to the log file as well, as JSON when asked", async () => {
  const agent = dev(
    config(
      await freePort(),
      `log_json = true\nlog_file = "${home.dir}/logs/"\nlog_rotate_bytes = 400`,
    ),
  );
  await agent.says("Log data will stream in below");
  await agent.says("this server leads");
  agent.signal("SIGTERM");
  await agent.ended;
  const printed = agent.out().trim().split("\n");
  const said = printed.map((line) => JSON.parse(line) as { readonly "@message": string });
  const messages = said.map((record) => record["@message"]);
  for (const message of [
    "Starting Nomad agent...",
    "Nomad agent configuration:",
    "Server: true",
    "Nomad agent started! Log data will stream in below:",
    "Caught signal: terminated",
  ])
    expect(messages).toContain(message);
  const files = readdirSync(join(home.dir, "logs"));
  expect(files).toContain("nomad.log");
  expect(files.filter((name) => /^nomad-\d+\.log$/.test(name)).length).toBeGreaterThan(0);
  const lines = files
    .flatMap((name) =>
      readFileSync(join(home.dir, "logs", name), "utf8")
        .trim()
        .split("\n"),
    )
    .map((line) => JSON.parse(line) as { readonly "@message": string });
  expect(lines.map((line) => line["@message"])).toContain("this server leads");
});

test("a full disk under the log file costs log lines, not the agent", async () => {
  const agent = dev(config(await freePort(), 'log_file = "/dev/full"'));
  await agent.says("this server leads");
  await agent.says("the log file /dev/full cannot be written");
  agent.signal("SIGTERM");
  expect(await agent.ended).toBe(1);
  expect(agent.out()).toContain("==> Caught signal: terminated");
});

test("a log file that cannot be written is a start error, not a crash", async () => {
  home.write("plain", "");
  const agent = dev(config(await freePort(), `log_file = "${home.dir}/plain/nomad.log"`));
  expect(await agent.ended).toBe(1);
  expect(agent.error()).toMatch(/^==> Error starting agent: .*plain/);
});

test("without Docker the agent starts, says so, and shows it of its node", async () => {
  const port = await freePort();
  const agent = dev(config(port));
  await agent.says("this server leads");
  const driver = await until("the node's fingerprint", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/nodes`);
    const nodes = (await answer.json()) as readonly {
      readonly Drivers: Record<string, { readonly Detected: boolean; readonly Healthy: boolean }>;
    }[];
    return (
      nodes[0]?.Drivers["docker"] &&
      nodes[0].Drivers["raw_exec"]?.Healthy &&
      nodes[0].Drivers["docker"]
    );
  });
  expect(driver).toMatchObject({ Healthy: false });
  await agent.says("driver is not healthy: driver=docker");
  expect(agent.out().match(/\[WARN\].*docker/g)).toHaveLength(1);
});
