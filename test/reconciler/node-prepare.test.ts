import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Task } from "../../src/model/job.ts";
import { buildTemplate } from "../support/build-template.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import {
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId as id,
} from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const jobOf = (task: Partial<Task>, more = {}) =>
  scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: [scriptedTask(task)] })], ...more });
const inTask = (file: string): string =>
  readFileSync(join(b.directory, "alloc", id, "main", file), "utf8");
const lastEvent = () => b.source.last(id)?.taskStates["main"]?.Events.at(-1);
const secret = buildTemplate({
  EmbeddedTmpl: '{{ with nomadVar "nomad/jobs/web" }}PASSWORD={{ .password }}{{ end }}',
  DestPath: "secrets/app.env",
  Envvars: true,
  Splay: 0,
});

test("templates are written before the start, and their variables win", async () => {
  const agent = await b.start();
  b.variables.put("nomad/jobs/web", { password: "one" });
  const plain = buildTemplate({
    EmbeddedTmpl: '{{ env "NOMAD_JOB_ID" }} on {{ env "node.unique.name" }}',
    DestPath: "local/who.txt",
  });
  b.source.put(wantedBy(agent, jobOf({ Templates: [plain, secret], Env: { PASSWORD: "none" } })));
  await b.statusIs("running");
  expect(b.engine.task("main").spec.env["PASSWORD"]).toBe("one");
  const { env } = b.engine.task("main").spec;
  expect(inTask("local/who.txt")).toContain(`${env["NOMAD_JOB_ID"]} on `);
  expect(inTask("secrets/app.env")).toBe("PASSWORD=one");
});

test("a start waits for what a template asks for, says so, and goes on when it is there", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent, jobOf({ Templates: [secret] })));
  await b.until("the words", () => b.eventTypes().includes("Template"), 1_000);
  expect(lastEvent()?.Message).toBe("Missing: nomad.var.block(nomad/jobs/web@default.global)");
  expect(b.engine.running()).toEqual([]);
  b.variables.put("nomad/jobs/web", { password: "late" });
  await b.statusIs("running");
  expect(b.engine.task("main").spec.env["PASSWORD"]).toBe("late");
});

test("a start that waits for data is given up when the allocation is to stop", async () => {
  const agent = await b.start();
  const wanted = wantedBy(agent, jobOf({ Templates: [secret] }));
  b.source.put(wanted);
  await b.until("the words", () => b.eventTypes().includes("Template"), 1_000);
  b.source.put({ ...wanted, allocation: { ...wanted.allocation, DesiredStatus: "stop" } });
  await b.statusIs("complete");
  expect(b.engine.calls).toEqual([]);
});

test("data that changes restarts the task once, with the new words", async () => {
  const agent = await b.start();
  b.variables.put("nomad/jobs/web", { password: "one" });
  b.source.put(wantedBy(agent, jobOf({ Templates: [secret] })));
  await b.statusIs("running");
  b.variables.put("nomad/jobs/web", { password: "two" });
  await b.until("the next attempt", () => b.engine.running().includes("main#1"), 1_000);
  expect(b.engine.task("main").spec.env["PASSWORD"]).toBe("two");
  expect(b.eventTypes()).toContain("Restart Signaled");
  await b.pass(60_000);
  expect(b.engine.running()).toEqual(["main#1"]);
});

test("data that changed while no agent was there restarts the task, the same data does not", async () => {
  const first = await b.start();
  b.variables.put("nomad/jobs/web", { password: "one" });
  b.source.put(wantedBy(first, jobOf({ Templates: [secret] })));
  await b.statusIs("running");
  await b.stop(first);
  const second = await b.start();
  await b.pass(30_000);
  expect(b.engine.running()).toEqual(["main#0"]);
  await b.stop(second);
  b.variables.put("nomad/jobs/web", { password: "two" });
  await b.start();
  await b.until("the next attempt", () => b.engine.running().includes("main#1"), 1_000);
  expect(b.engine.task("main").spec.env["PASSWORD"]).toBe("two");
});

test("a signal and a noop do not restart", async () => {
  const agent = await b.start();
  b.variables.put("nomad/jobs/web", { password: "one" });
  const quiet = { ...secret, ChangeMode: "signal", ChangeSignal: "SIGHUP" };
  b.source.put(wantedBy(agent, jobOf({ Templates: [quiet] })));
  await b.statusIs("running");
  b.variables.put("nomad/jobs/web", { password: "two" });
  await b.until("the signal", () => b.engine.calls.includes("signal main#0 SIGHUP"), 1_000);
  await b.until("the words", () => b.eventTypes().includes("Signaling"), 100);
  expect(inTask("secrets/app.env")).toBe("PASSWORD=two");
  expect(b.engine.running()).toEqual(["main#0"]);
});

test("a template that cannot be written fails the task, and no start is tried", async () => {
  const agent = await b.start();
  const broken = buildTemplate({ EmbeddedTmpl: "{{ nope }}", DestPath: "local/x" });
  b.source.put(wantedBy(agent, jobOf({ Templates: [broken] })));
  await b.statusIs("failed");
  expect(lastEvent()).toMatchObject({ Type: "Killing", Message: expect.stringContaining("nope") });
  expect(b.engine.calls).toEqual([]);
});

test("an artifact that cannot be had counts against the restart policy", async () => {
  const agent = await b.start();
  const Artifacts = [
    {
      GetterSource: "http://127.0.0.1:9/${NOMAD_JOB_ID}.tar",
      GetterOptions: null,
      GetterHeaders: null,
      GetterMode: "any",
      GetterInsecure: false,
      RelativeDest: "local/",
      Chown: false,
    },
  ];
  b.source.put(wantedBy(agent, jobOf({ Artifacts })));
  await b.statusIs("failed");
  expect(b.eventTypes()).toEqual(
    expect.arrayContaining(["Downloading Artifacts", "Failed Artifact Download", "Restarting"]),
  );
  const failure = b.source
    .last(id)
    ?.taskStates["main"]?.Events.find(({ Type }) => Type === "Failed Artifact Download");
  expect(failure?.Details["download_error"]).toMatch(/127\.0\.0\.1:9.*loopback/);
  expect(b.engine.calls).toEqual([]);
});

test("a volume that this node does not have fails the start, with its name", async () => {
  const agent = await b.start();
  const VolumeMounts = [
    { Volume: "data", Destination: "/d", ReadOnly: false, PropagationMode: "", SELinuxLabel: "" },
  ];
  b.source.put(wantedBy(agent, jobOf({ VolumeMounts })));
  await b.until("the failure", () => b.eventTypes().includes("Setup Failure"), 500);
  const failure = b.source
    .last(id)
    ?.taskStates["main"]?.Events.find(({ Type }) => Type === "Setup Failure");
  expect(failure?.Details["setup_error"]).toContain("data");
});

test("what a job was dispatched with lies in the task's folder", async () => {
  const agent = await b.start();
  const Payload = Buffer.from("hello\n").toString("base64");
  b.source.put(wantedBy(agent, jobOf({ DispatchPayload: { File: "in/put.txt" } }, { Payload })));
  await b.statusIs("running");
  expect(inTask("local/in/put.txt")).toBe("hello\n");
});
