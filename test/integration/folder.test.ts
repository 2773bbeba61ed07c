import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobSource } from "../../src/model/job-source.ts";
import { sleeper } from "../support/job-files.ts";
import {
  containersOf,
  liveAgent,
  type LiveAgent,
  runningContainers,
} from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: true });
  await agent.start();
});
afterAll(() => agent.cleanUp());

const path = (name: string) => join(agent.jobsDir, name);
const sources = () => agent.get<JobSource[]>("/v1/jobs/sources");
const sourceIn = (name: string, state: string) =>
  until(`${name} to be ${state}`, async () =>
    (await sources()).find((source) => source.Path === path(name) && source.State === state),
  );
const running = (count: number, prefix = "t-") =>
  until(`${count} running containers`, async () => {
    const found = (await runningContainers(agent)).filter((one) => one.name.startsWith(prefix));
    return found.length === count ? found : undefined;
  });
const version = async (id: string) =>
  (await agent.get<{ Version: number }>(`/v1/job/${id}`)).Version;

test("a job file goes through its life: dropped, edited, broken, repaired, renamed, removed", async () => {
  writeFileSync(path("web.nomad"), sleeper("web", { count: 2 }));
  await sourceIn("web.nomad", "accepted");
  const first = await running(2);

  writeFileSync(path("web.nomad"), sleeper("web", { count: 2, memory: 20 }));
  await until("both containers to be replaced", async () => {
    const now = await runningContainers(agent);
    return now.length === 2 && now.every((one) => !first.some((old) => old.id === one.id));
  });
  const replaced = await running(2);
  expect(await version("web")).toBe(1);

  writeFileSync(
    path("web.nomad"),
    sleeper("web", { count: 2, memory: 24 }).replace("max_parallel", "max_paralel"),
  );
  const broken = await sourceIn("web.nomad", "rejected");
  expect(broken.Diagnostics?.[0]).toMatchObject({ Line: 6, Column: 7 });
  expect(broken.Diagnostics?.[0]?.Detail).toContain("max_parallel");
  expect(await runningContainers(agent)).toEqual(replaced);

  writeFileSync(path("web.nomad"), sleeper("web", { count: 2, memory: 20 }));
  await sourceIn("web.nomad", "unchanged");
  renameSync(path("web.nomad"), path("www.nomad"));
  await sourceIn("www.nomad", "unchanged");
  await until("the old name to be forgotten", async () => (await sources()).length === 1);
  expect(await runningContainers(agent)).toEqual(replaced);
  expect(await version("web")).toBe(1);

  rmSync(path("www.nomad"));
  await running(0);
  expect(await agent.get<{ Stop: boolean }>("/v1/job/web")).toMatchObject({ Stop: true });
  expect(await sources()).toEqual([]);
});

test("a wrong driver option is refused while what runs goes on", async () => {
  writeFileSync(path("web.nomad"), sleeper("web"));
  await sourceIn("web.nomad", "accepted");
  const before = await running(1);
  writeFileSync(path("web.nomad"), sleeper("web").replace("image ", "imgae "));
  const rejected = await sourceIn("web.nomad", "rejected");
  expect(rejected.Message).toContain("did you mean image?");
  expect(await runningContainers(agent)).toEqual(before);
  rmSync(path("web.nomad"));
  await running(0);
});

test("two files with one job id are a conflict that names both, and the first keeps the job", async () => {
  writeFileSync(path("a.nomad"), sleeper("same"));
  await sourceIn("a.nomad", "accepted");
  const before = await running(1);
  writeFileSync(path("b.nomad"), sleeper("same", { memory: 32 }));
  const conflict = await sourceIn("b.nomad", "conflict");
  expect(conflict.Message).toContain(path("a.nomad"));
  expect(conflict.Message).toContain(path("b.nomad"));
  expect(await runningContainers(agent)).toEqual(before);
  rmSync(path("b.nomad"));
  await until("the conflict to go", async () => (await sources()).length === 1);
  expect(await runningContainers(agent)).toEqual(before);
});

test("editors' temporary files and unfinished copies are not job files", async () => {
  for (const name of [".c.nomad.swp", "c.nomad~", "#c.nomad#", "c.nomad.tmp"])
    writeFileSync(path(name), sleeper("c"));
  writeFileSync(path("d.nomad"), sleeper("d"));
  await sourceIn("d.nomad", "accepted");
  expect((await sources()).map((source) => source.Path)).toEqual([
    path("a.nomad"),
    path("d.nomad"),
  ]);
  for (const name of readdirSync(agent.jobsDir))
    if (!/^[ad]\.nomad$/.test(name)) rmSync(path(name));
});

test("a folder that empties or vanishes at once stops nothing, and says so", async () => {
  const before = await running(2);
  for (const name of ["a.nomad", "d.nomad"]) rmSync(path(name));
  await sourceIn("a.nomad", "held");
  const held = await sourceIn("d.nomad", "held");
  expect(held.Message).toContain("vanished at once");
  expect(await containersOf(agent)).toEqual(before);
  rmSync(agent.jobsDir, { recursive: true });
  await until("the folder to be missed", async () =>
    (await sources()).every(
      (source) => source.State === "held" && source.Message.includes("folder"),
    ),
  );
  expect(await containersOf(agent)).toEqual(before);
  mkdirSync(agent.jobsDir);
  writeFileSync(path("a.nomad"), sleeper("same"));
  writeFileSync(path("d.nomad"), sleeper("d"));
  await sourceIn("a.nomad", "unchanged");
  await sourceIn("d.nomad", "unchanged");
  expect(await containersOf(agent)).toEqual(before);
});
