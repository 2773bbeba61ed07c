import { afterEach, beforeEach, expect, test } from "vitest";
import { loadJobFile } from "../../src/agent/load-job.ts";
import { createLargeJobs, type LargeJobs } from "../../src/agent/large-jobs.ts";
import type { JobReader } from "../../src/jobspec/job-reader.ts";
import { locateInJob } from "../../src/jobspec/locate-in-job.ts";
import { parseJobBody } from "../../src/jobspec/parse-job-body.ts";
import { parseJobFile } from "../../src/jobspec/parse-job-file.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

let data: ReturnType<typeof temporaryFolder>;
let store: OpenedStore;
let large: LargeJobs;
beforeEach(async () => {
  data = temporaryFolder();
  store = await openTestStore(data.path);
  large = createLargeJobs({ clock: createSystemClock() });
});
afterEach(async () => {
  await large.close();
  await store.close();
  data.remove();
});
let takenApart = 0;
const reader: Pick<JobReader, "parseFile" | "parseBody" | "locate"> = {
  parseBody: (text, options) => Promise.resolve(parseJobBody(text, options)),
  parseFile: (text, options) => {
    takenApart += 1;
    return Promise.resolve(parseJobFile(text, options));
  },
  locate: (text, findings, options) => Promise.resolve(locateInJob(text, findings, options)),
};
const load = (text: string, file: string) =>
  loadJobFile({ reader, large, read: store.read, region: "global" }, text, file);

test("a broken JSON file is refused with its line and column, as an HCL file is", async () => {
  expect(await load('{\n  "ID": "a",,\n}', "a.json")).toMatchObject({
    kind: "faulty",
    diagnostics: [
      {
        summary: "Invalid property name",
        start: { line: 2, column: 13 },
      },
    ],
  });
  expect(await load('job "a" {\n  tipe = "batch"\n}', "a.nomad")).toMatchObject({
    kind: "faulty",
    diagnostics: [{ start: { line: 2, column: 3 } }],
  });
});

test("a JSON file may hold the job alone, in the envelope of the API or in the language's form", async () => {
  const task = { Name: "t", Driver: "raw_exec", Config: { command: "/bin/true" } };
  const job = { ID: "a", Name: "a", TaskGroups: [{ Name: "g", Tasks: [task] }] };
  const { Name, Driver: driver, Config: config } = task;
  const group = { g: { task: { [Name]: { driver, config } } } };
  for (const text of [job, { job }, { job: { a: { group } } }].map((one) => JSON.stringify(one)))
    expect(await load(text, "a.json")).toMatchObject({ kind: "job", job: { ID: "a" } });
});

const faulty = (inside: string): string => `job "a" {
  group "g" {
    task "t" {
      driver = "raw_exec"
${inside}
    }
  }
}`;

test("what the rules and the drivers have against a job is told with its place in the file", async () => {
  expect(await load(faulty('      config { comand = "x" }'), "a.nomad")).toMatchObject({
    kind: "faulty",
    message: "Task group g task t: unknown option config.comand; did you mean command?",
    diagnostics: [
      {
        summary: "driver raw_exec: unknown option config.comand; did you mean command?",
        detail: 'In task "t" of group "g".',
        file: "a.nomad",
        start: { line: 5, column: 16 },
        end: { line: 5, column: 28 },
      },
    ],
  });
  const rules =
    '      config { command = "x" }\n      resources {\n        cpu    = 0\n        memory = 1\n      }';
  expect(await load(faulty(rules), "a.nomad")).toMatchObject({
    diagnostics: [
      { summary: "minimum CPU value is 1; got 0", start: { line: 7, column: 9 } },
      { summary: "minimum MemoryMB value is 10; got 1", start: { line: 8, column: 9 } },
    ],
  });
});

test("faults of rules and drivers come together, in the order of the file and none twice", async () => {
  const both = `      config { comand = "x" }
      kill_timeout = -1
      resources { cpu = 0 }
      service {
        name = "no good name"
        port = "http"
      }
    }
    task "u" {
      driver = "docker"
      config {
        image = ["busybox"]
        ports = "http"
      }`;
  const found = await load(faulty(both), "a.nomad");
  if (found.kind !== "faulty") throw new Error("expected faults");
  expect(found.diagnostics.map(({ summary, start }) => [start?.line, summary])).toEqual([
    [5, "driver raw_exec: unknown option config.comand; did you mean command?"],
    [6, "KillTimeout must be a positive value"],
    [7, "minimum CPU value is 1; got 0"],
    [9, expect.stringContaining("Service")],
    [10, expect.stringContaining("port")],
    [16, "driver docker: config.image must be text"],
    [17, "driver docker: config.ports must be a list of texts"],
  ]);
  expect(found.message).not.toContain("config.");
});

test("the same goes for both forms of JSON", async () => {
  const language = `{"job": {"a": {"group": {"g": {"task": {"t": {
    "driver": "raw_exec",
    "config": {"comand": "x"}}}}}}}}`;
  expect(await load(language, "a.json")).toMatchObject({
    diagnostics: [{ start: { line: 3, column: 16 } }],
  });
  const api = `{"Job": {"ID": "a", "TaskGroups": [{"Name": "g", "Tasks": [{
    "Name": "t", "Driver": "raw_exec",
    "Config": {"command": "x"}, "Resources": {"CPU": 0}}]}]}}`;
  expect(await load(api, "a.json")).toMatchObject({
    diagnostics: [{ summary: "minimum CPU value is 1; got 0", start: { line: 3, column: 54 } }],
  });
});

test("what the cluster lacks is told where the job asks for it", async () => {
  const text =
    'job "a" {\n  node_pool = "rim"\n  group "g" {\n    task "t" { driver = "exec" }\n  }\n}';
  expect(await load(text, "a.nomad")).toMatchObject({
    diagnostics: [
      { summary: 'job "a" is in nonexistent node pool "rim"', start: { line: 2, column: 3 } },
    ],
  });
});

test("a long file gives the same job, or the same faults, as a short one", async () => {
  const job = (inside: string): string => `job "a" {
  region = "mars"
  group "g" {
    task "t" {
      driver = "raw_exec"
      config { command = "/bin/true" }
      ${inside}
    }
  }
}
`;
  const padding = `# ${"x".repeat(100)}\n`.repeat(400);
  const short = await load(job(""), "a.nomad");
  expect(short).toMatchObject({ kind: "job", job: { Region: "mars" } });
  takenApart = 0;
  expect(await load(job("") + padding, "a.nomad")).toEqual(short);
  expect(takenApart, "bodies of long files that the main thread took over").toBe(0);
  const faulty = await load(job("kill_timeout = -1"), "a.nomad");
  expect(faulty).toMatchObject({ kind: "faulty", diagnostics: [{ start: { line: 7 } }] });
  expect(await load(job("kill_timeout = -1") + padding, "a.nomad")).toEqual(faulty);
  const more = job("resources { memory_max = 900 }");
  const warned = await load(more, "a.nomad");
  expect(warned).toMatchObject({
    kind: "job",
    warnings: expect.stringContaining("memory_max value will be ignored"),
  });
  expect(await load(more + padding, "a.nomad")).toEqual(warned);
});

test("a long file that takes too long to check is refused and not tried for ever", async () => {
  await large.close();
  large = createLargeJobs({ clock: createSystemClock(), limitMs: 1 });
  const groups = Array.from(
    { length: 800 },
    (_, at) => `group "g${at}" {
    task "t" {
      driver = "exec"
    }
  }`,
  );
  expect(await load(`job "a" {\n${groups.join("\n")}\n}`, "a.nomad")).toMatchObject({
    kind: "faulty",
    message: "the job is too large: checking it was given up after 1 ms",
    diagnostics: [{ start: { line: 1 } }],
  });
});
