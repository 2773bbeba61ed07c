import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** The laws of docs/architecture.md, executed. A new room, package or import direction needs a line here. */
const rooms: Record<string, readonly string[]> = {
  lib: [],
  model: ["lib"],
  raft: ["lib"],
  gossip: ["lib"],
  rpc: ["lib"],
  jobspec: ["model", "lib"],
  store: ["model", "raft", "lib"],
  drivers: ["model", "lib"],
  node: ["model", "drivers", "rpc", "lib"],
  reconciler: ["model", "jobspec", "store", "drivers", "node", "lib"],
  api: ["model", "jobspec", "store", "reconciler", "node", "lib"],
  sdk: ["model", "lib"],
  cli: ["model", "jobspec", "sdk", "lib"],
  agent: [
    "model",
    "raft",
    "gossip",
    "rpc",
    "jobspec",
    "store",
    "drivers",
    "node",
    "reconciler",
    "api",
    "lib",
  ],
  "main.ts": ["agent", "cli", "lib"],
};
const packageOwner: Record<string, string> = {
  dockerode: "drivers/docker",
  chokidar: "reconciler/job-folder.ts",
  "hcl2-parser": "jobspec/",
  re2js: "lib/system/regexp.ts",
  yaml: "jobspec/",
  bcryptjs: "jobspec/",
  "better-sqlite3": "lib/system/sqlite.ts",
  ws: "lib/system/websocket.ts",
  express: "api/",
  pino: "lib/system/logger.ts",
  "node-cron": "reconciler/",
};
const loadsLater: ReadonlySet<string> = new Set([
  "lib/system/regexp.ts",
  "jobspec/functions/secrets.ts",
  "jobspec/functions/yaml-read.ts",
]);
const nondeterministic =
  /\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)|\bMath\.random\b|\blocaleCompare\b|\b(?:setTimeout|setInterval|setImmediate|performance|process|console|fetch|crypto)\b/;
const asynchronous = /\b(?:async|await|Promise)\b/;
const longestFile = 400;
/** A field that only the whole shape of its type has, and the one file that writes that shape out for all tests. */
const builders: readonly (readonly [field: string, home: string])[] = [
  ["VaultNamespace", "support/build-job.ts"],
  ["ScalingPolicies", "support/build-job.ts"],
  ["CSIControllerPlugins", "support/build-node.ts"],
  ["PreemptedAllocations", "support/build-allocation.ts"],
  ["IsMultiregion", "support/build-deployment.ts"],
  ["CIDR", "support/build-job.ts"],
  ["NodeLimitForFeasibilityChecks", "support/build-scheduler-config.ts"],
  ["ConsulConfiguration", "support/build-namespace.ts"],
];

const isReplicated = (file: string): boolean => /^store\/(?:apply|tables)\//.test(file);
const isPure = (file: string): boolean => /(^|\/)core\//.test(file) || file.startsWith("model/");
const isLib = (file: string): boolean => /^lib\/[^/]+$/.test(file);
const lineCount = (text: string): number => text.replace(/\n$/, "").split("\n").length;
const roomOf = (file: string): string => file.split("/")[0] ?? file;

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((f) =>
  f.endsWith(".ts"),
);

describe.each(files)("%s", (file) => {
  const text = readFileSync(join("src", file), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");

  test("imports only what its room may", () => {
    expect(importsOf(code).flatMap((specifier) => importFaults(file, specifier))).toEqual([]);
  });

  test("says why wherever it drops an error", () => {
    expect(silentCatches(text)).toEqual([]);
  });

  test("stays pure where it must, and short", () => {
    expect(purityFaults(file, code)).toEqual([]);
    expect(lineCount(text)).toBeLessThanOrEqual(longestFile);
  });
});

test("every decision file has a test beside it in the mirrored tree", () => {
  const untested = files
    .filter((file) => /\/core\//.test(file) && !/(?:^|[/-])types\.ts$/.test(file))
    .filter((file) => !existsSync(join("test", file.replace(/\.ts$/, ".test.ts"))));
  expect(untested).toEqual([]);
});

test("tests are as short as what they test", () => {
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" });
  const long = tests
    .filter((file) => /\.m?ts$/.test(file))
    .filter((file) => lineCount(readFileSync(join("test", file), "utf8")) > longestFile);
  expect(long).toEqual([]);
});

test.each(builders)("the type with %s is built whole in %s only", (field, home) => {
  const written = new RegExp(`^\\s*${field}:`, "m");
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" });
  const places = tests
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => written.test(readFileSync(join("test", file), "utf8")));
  expect(places).toEqual([home]);
});

test("the files that the architecture names are there", () => {
  const page = readFileSync("docs/architecture.md", "utf8");
  const named = page.match(/\b[\w-]+(?:\/[\w-]+)+\.(?:test\.)?ts\b/g) ?? [];
  const isThere = (file: string): boolean => existsSync(file) || existsSync(join("src", file));
  // A room that is planned has no files yet.
  expect(named.filter((file) => isThere(roomOf(file)) && !isThere(file))).toEqual([]);
});

test("the laws themselves notice what they forbid", () => {
  expect(
    importsOf(`import { a } from "x";\nconst b = await import("y");\nexport * from "./z.ts";`),
  ).toEqual(["x", "./z.ts", "y"]);
  expect(importFaults("model/job.ts", "node:fs")).not.toEqual([]);
  expect(importFaults("model/job.ts", "../store/reader.ts")).not.toEqual([]);
  expect(importFaults("api/jobs.ts", "../store/tables/jobs.ts")).not.toEqual([]);
  expect(importFaults("api/jobs.ts", "better-sqlite3")).not.toEqual([]);
  expect(importFaults("api/jobs.ts", "../store/store.ts")).toEqual([]);
  for (const bad of ["Date.now()", "new Date()", "Date()", "Math.random()", "a.localeCompare(b)"])
    expect(purityFaults("reconciler/core/x.ts", `const x = ${bad}`), bad).not.toEqual([]);
  expect(purityFaults("raft/core/x.ts", "async function f() {}")).not.toEqual([]);
  expect(purityFaults("api/x.ts", "new Date()")).toEqual([]);
  expect(silentCatches("try {\n} catch {\n  return 1;\n}")).not.toEqual([]);
  expect(silentCatches("x.catch(() => undefined)")).not.toEqual([]);
  expect(silentCatches("try {\n} catch {\n  // Gone.\n  return 1;\n}")).toEqual([]);
  expect(purityFaults("cli/x.ts", "await import(parser)")).not.toEqual([]);
  expect(purityFaults("cli/x.ts", `await import("./y.ts")`)).toEqual([]);
});

/** A catch that does not look at what it caught has its reason in a comment before or behind it, or throws its own. */
function silentCatches(text: string): string[] {
  const lines = text.split("\n");
  return lines.filter((line, at) => {
    if (!/\bcatch \{|\.catch\(\(\) =>/.test(line)) return false;
    const [before = "", behind = ""] = [lines[at - 1], lines[at + 1]];
    return (
      ![before, line, behind].some((near) => near.includes("// ")) && !/\bthrow\b/.test(behind)
    );
  });
}

function importsOf(code: string): string[] {
  const fixed = [...code.matchAll(/^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']/gm)];
  const dynamic = [...code.matchAll(/\b(?:import|require)\s*\(\s*["']([^"']+)["']\s*\)/g)];
  return [...fixed, ...dynamic].map((match) => match[1] ?? "");
}

function importFaults(file: string, specifier: string): string[] {
  if (!specifier.startsWith(".")) {
    const owner = packageOwner[specifier];
    return [
      ...(isPure(file) ? [`pure file imports ${specifier}`] : []),
      ...(owner !== undefined && !file.startsWith(owner)
        ? [`${specifier} belongs to ${owner}`]
        : []),
    ];
  }
  const target = normalize(join(dirname(file), specifier));
  const [from, to] = [roomOf(file), roomOf(target)];
  const isDoor = target.split("/").length <= 2 || to === "lib" || to === "model";
  return [
    ...(from !== to && !rooms[from]?.includes(to) ? [`${from} may not import ${to}`] : []),
    ...(from !== to && !isDoor ? [`${target} is private to ${to}`] : []),
    ...(isPure(file) && !isPure(target) && !isLib(target)
      ? [`${file} is pure, ${target} is not`]
      : []),
    ...(specifier.endsWith(".ts") ? [] : [`${specifier} needs its .ts ending`]),
  ];
}

function purityFaults(file: string, code: string): string[] {
  const found = (rule: RegExp): string[] => {
    const match = rule.exec(code);
    return match ? [`uses ${match[0]}`] : [];
  };
  return [
    ...(isPure(file) || isLib(file) || isReplicated(file) ? found(nondeterministic) : []),
    ...(/\/core\//.test(file) || isReplicated(file) ? found(asynchronous) : []),
    // Imports are what the tools see; some libraries are so large that they wait for their first use.
    ...(/\bcreateRequire\b/.test(code) && !loadsLater.has(file) ? ["uses createRequire"] : []),
    ...(/\bimport\s*\((?!\s*["']|workerData\.url)/.test(code)
      ? ["import() without the module's name"]
      : []),
    ...(/^export default\b|^export \*/m.test(code) ? ["default or star export"] : []),
  ];
}
