import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { killRound } from "./kill-round.ts";
import { killWhileWriting } from "./kill-while-writing.ts";
import { sleeper } from "../support/job-files.ts";
import { liveAgent, type LiveAgent, runningContainers } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent | undefined;
afterEach(async () => {
  await agent?.cleanUp();
  agent = undefined;
});

/** All points, and later passes of each, are `npm run test:kill`. */
test.each([
  "start:after",
  "stop:before",
  "remove:after",
  "append:after",
  "apply:before",
  "record:after",
])(
  "killed at %s in the middle of a rollout, a restarted agent brings exactly what is wanted",
  async (point) => {
    agent = await liveAgent({ dev: false });
    const outcome = await killRound(agent, `${point}=4`);
    expect(outcome).toEqual({
      wasKilled: true,
      running: 4,
      versions: [1],
      disturbed: [],
      doubles: [],
    });
  },
);

test.each(["network:after", "network-remove:before"])(
  "killed at %s, each group has one network of its own afterwards, and one task in it",
  async (point) => {
    agent = await liveAgent({ dev: false });
    const outcome = await killRound(agent, `${point}=2`, { ownNetworks: true });
    expect(outcome).toEqual({
      wasKilled: true,
      running: 4,
      versions: [1],
      disturbed: [],
      doubles: [],
    });
  },
);

test.each(["identity:before", "identity:after"])(
  "a node killed at %s of its very first start is one node ever after",
  async (point) => {
    agent = await liveAgent({ dev: false });
    const own = agent;
    await expect(own.start({ NOMAD_FAILPOINT: `${point}=1` })).rejects.toThrow(
      "ended at its start",
    );
    await own.start();
    const node = own.nodeId();
    await own.stop("SIGKILL");
    await own.start();
    expect(own.nodeId()).toBe(node);
    expect(await own.get("/v1/nodes")).toHaveLength(1);
  },
  90_000,
);

test("every job that was acknowledged before a kill -9 is there afterwards", async () => {
  agent = await liveAgent({ dev: false });
  expect(await killWhileWriting(agent, 3)).toMatchObject({ lost: [] });
});

test("a stopped agent leaves its containers, and the next one adopts them", async () => {
  agent = await liveAgent({ dev: false });
  await agent.start();
  writeFileSync(join(agent.jobsDir, "web.nomad"), sleeper("web", { count: 2 }));
  const started = await until("two containers", async () => {
    const found = await runningContainers(agent as LiveAgent);
    return found.length === 2 ? found : undefined;
  });
  await agent.stop("SIGTERM");
  expect(agent.output()).toContain("==> Caught signal: terminated");
  expect(await runningContainers(agent)).toEqual(started);
  await agent.start();
  await until("the allocations to be running", async () => {
    const stubs = await (agent as LiveAgent).get<{ readonly ClientStatus: string }[]>(
      "/v1/job/web/allocations",
    );
    return stubs.length === 2 && stubs.every((stub) => stub.ClientStatus === "running");
  });
  expect(await runningContainers(agent)).toEqual(started);
});

test("a dev agent takes its containers along, and cleans up what a killed one left", async () => {
  agent = await liveAgent({ dev: true });
  await agent.start();
  const path = join(agent.jobsDir, "web.nomad");
  writeFileSync(path, sleeper("web", { count: 2 }));
  const count = (wanted: number) =>
    until(
      `${wanted} containers`,
      async () => (await runningContainers(agent as LiveAgent)).length === wanted,
    );
  await count(2);
  const node = agent.nodeId();
  await agent.stop("SIGKILL");
  await count(2);
  rmSync(path);
  await agent.start();
  expect(agent.nodeId()).toBe(node);
  await count(0);
  writeFileSync(path, sleeper("web", { count: 2 }));
  await count(2);
  await agent.stop("SIGINT");
  expect(agent.output()).toContain("==> Caught signal: interrupt");
  await count(0);
});
