import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig, type LoadedConfig } from "../../src/agent/config.ts";
import { dockerSettings } from "../../src/agent/docker-settings.ts";
import type { JsonObject } from "../../src/lib/json.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};
const load = (
  paths: readonly string[],
  { base = {}, flags = {} }: { readonly base?: JsonObject; readonly flags?: JsonObject } = {},
) => loadConfig({ paths, base, flags });
const good = (result: ReturnType<typeof load>): LoadedConfig => {
  if (!result.ok) throw new Error(result.errors.join("; "));
  return result.config;
};
const errors = (result: ReturnType<typeof load>): readonly string[] =>
  result.ok ? [] : result.errors;

test("the content of a file decides whether it is HCL or JSON, whatever its name", () => {
  const hcl = write("one.json", 'region = "north"\nports { http = 5646 }');
  const json = write("two.conf", '\n  {"datacenter": "dc9", "ports": {"rpc": 5647}}');
  const { settings, files } = good(load([hcl, json]));
  expect(settings.text("region")).toBe("north");
  expect(settings.text("datacenter")).toBe("dc9");
  expect([settings.number("ports.http"), settings.number("ports.rpc")]).toEqual([5646, 5647]);
  expect(files).toEqual([hcl, json]);
});

test("a folder gives its .hcl and .json files in the order of their bytes, and no other", () => {
  write("b.hcl", 'region = "from-b"');
  write("a.json", '{"region": "from-a", "datacenter": "dc-a"}');
  write("B.hcl", 'region = "from-B"\nname = "kept"');
  for (const name of ["c.hcl~", ".#d.hcl", "#e.hcl#", "f.txt"]) write(name, "region =");
  mkdirSync(join(dir, "sub.hcl"));
  const { settings, files } = good(load([dir]));
  expect(files.map((file) => file.slice(dir.length + 1))).toEqual(["B.hcl", "a.json", "b.hcl"]);
  expect(settings.text("region")).toBe("from-b");
  expect(settings.text("datacenter")).toBe("dc-a");
  expect(settings.text("name")).toBe("kept");
});

test("an empty folder is a warning, a path that is not there an error", () => {
  expect(good(load([dir])).warnings).toEqual([`No configuration loaded from ${dir}`]);
  const gone = join(dir, "gone.hcl");
  expect(errors(load([gone]))[0]).toMatch(
    `Error loading configuration from ${gone}: ENOENT: no such file or directory`,
  );
});

test("flags win over files, files over the dev defaults, those over the built-in ones", () => {
  const file = write(
    "a.hcl",
    'region = "file"\ndatacenter = "file"\nclient { meta { a = "file" b = "file" } }',
  );
  const { settings } = good(
    load([file], {
      base: { region: "dev", bind_addr: "127.0.0.1" },
      flags: { datacenter: "flag", client: { meta: { b: "flag" } } },
    }),
  );
  expect(settings.text("region")).toBe("file");
  expect(settings.text("datacenter")).toBe("flag");
  expect(settings.text("bind_addr")).toBe("127.0.0.1");
  expect(settings.text("log_level")).toBe("INFO");
  expect(settings.map("client.meta")).toEqual({ a: "file", b: "flag" });
});

test("every unknown key is named with file, line, column and the nearest known one", () => {
  const hcl = write("a.hcl", 'client {\n  node_clas = "x"\n}\nregoin = "x"\n');
  expect(errors(load([hcl]))).toEqual([
    `Error loading configuration from ${hcl}:2,3: unexpected key node_clas in client; did you mean node_class?`,
    `Error loading configuration from ${hcl}:4,1: unexpected key regoin; did you mean region?`,
  ]);
  const json = write("b.json", '{\n  "jobs": {\n    "dri": "/x"\n  }\n}');
  expect(errors(load([json]))).toEqual([
    `Error loading configuration from ${json}:3,5: unexpected key dri in jobs; did you mean dir?`,
  ]);
});

test("a text that is neither HCL nor JSON is an error at its place", () => {
  const hcl = write("a.hcl", 'region = "x"\nports {\n');
  expect(errors(load([hcl]))[0]).toMatch(
    new RegExp(`^Error loading configuration from ${hcl}:\\d+,\\d+: `),
  );
  const json = write("b.json", '{"region": }');
  expect(errors(load([json]))[0]).toMatch(`Error loading configuration from ${json}:1,`);
});

test("keys that are carried but not acted on share one warning", () => {
  const one = write("a.hcl", 'acl { enabled = true }\nclient { cni_path = "/x" }');
  const two = write("b.hcl", 'telemetry { statsd_address = "127.0.0.1:1" }');
  expect(good(load([one, two])).warnings).toEqual([
    "accepted but not acted on in this version: acl, client.cni_path, telemetry",
  ]);
});

test("our own block has its defaults, and durations are read as such", () => {
  const file = write("a.hcl", 'jobs { dir = "/srv/jobs" rescan = "2m" }');
  const { settings } = good(load([file]));
  expect(settings.text("jobs.dir")).toBe("/srv/jobs");
  expect(settings.flag("jobs.enabled")).toBe(true);
  expect(settings.milliseconds("jobs.rescan")).toBe(120_000);
  expect(settings.milliseconds("jobs.delete_grace")).toBe(10_000);
  expect(settings.has("jobs.rescan")).toBe(true);
  expect(settings.has("jobs.delete_grace")).toBe(false);
  expect(settings.block("plugin", "docker")).toBeUndefined();
  expect(() => settings.text("jobs.nothing")).toThrow("no such configuration key: jobs.nothing");
});

test("a fault in a plugin's own configuration names its file and line", () => {
  const hcl = write(
    "docker.hcl",
    'plugin "docker" {\n  config {\n    pids_limt = 3\n    volumes {\n      enabled = "perhaps"\n    }\n  }\n}',
  );
  const json = write(
    "more.json",
    '{"plugin": {"docker": {"config":\n  {"allow_privileged": "maybe"}}}}',
  );
  const faults = (file: string) => dockerSettings(good(load([file])).settings, false).errors;
  expect(faults(hcl)).toEqual([
    `${hcl}:3,5: unknown option plugin "docker" config.pids_limt: did you mean pids_limit?`,
    `${hcl}:5,7: plugin "docker" config.volumes.enabled must be true or false`,
  ]);
  expect(faults(json)).toEqual([
    `${json}:2,4: plugin "docker" config.allow_privileged must be true or false`,
  ]);
});
