import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";

/**
 * Every recorded job file against what the reference's parse call makes of it. The cases that are known to fail
 * stand in `golden-parse-open.json`: a case that fails and is not there breaks the build, and so does one that passes
 * and still is there, so the list can only shrink.
 */
const data = "test/golden/data";
const open = new Set(
  JSON.parse(readFileSync("test/jobspec/golden-parse-open.json", "utf8")) as readonly string[],
);

interface Recorded {
  readonly parsed?: unknown;
  readonly variables?: string;
  readonly stage?: string;
  readonly line?: number | null;
  readonly column?: number | null;
  readonly anyOf?: readonly { readonly line: number; readonly column: number }[];
}
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

/** Null and absent are equal. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, bare(item)]),
  );
}

function parse(path: string, variables?: string) {
  return parseJob(readFileSync(path, "utf8"), {
    file: "input.hcl",
    ...(variables === undefined ? {} : { variableFiles: [{ name: "input.hcl", text: variables }] }),
  });
}

/** Where we differ on purpose, and what the reference would have given if it had no fault there. */
const departed: { readonly [name: string]: (recorded: string) => string } = {
  // Ports of `reserved_ports` vanish in the reference when the network has a `port` as well.
  "network-reserved-ports-block": (recorded) => {
    const lost = /\{[^{}]*"Label":"a"[^{}]*\},?/.exec(recorded)?.[0] ?? "";
    return recorded.replace(/"ReservedPorts":\[(?=[^\]]*"Label":"b")/, `$&${lost},`);
  },
};

function checkParsed(path: string, wanted: unknown, variables?: string): void {
  const result = parse(path, variables);
  const got = result.ok ? result.body : result.diagnostics.map(formatDiagnostic);
  expect(bare(got)).toEqual(bare(wanted));
}

const jobspec = readdirSync(join(data, "jobspec"))
  .filter((name) => name.endsWith(".nomad"))
  .map((name) => name.replace(/\.nomad$/, ""))
  .filter(
    (name) => (readJson(join(data, "jobspec", `${name}.json`)) as Recorded).parsed !== undefined,
  );
const errors = readdirSync(join(data, "jobspec/errors"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(/\.json$/, ""));
const scenarios = ["scenario", "state"].flatMap((folder) =>
  readdirSync(join(data, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".nomad.hcl"))
    .map((name) => join(folder, name.replace(/\.nomad\.hcl$/, "")))
    .filter((name) => existsSync(join(data, `${name}.json`))),
);

function check(name: string, run: () => void): void {
  if (open.has(name)) test(`${name} is still open`, () => expect(run).toThrow());
  else test(name, run);
}

describe("a recorded job file gives the recorded job", () => {
  for (const name of jobspec)
    check(name, () => {
      const path = join(data, "jobspec", name);
      const recorded = readJson(`${path}.json`) as Recorded;
      const text = JSON.stringify(recorded.parsed);
      const wanted: unknown = JSON.parse(departed[name]?.(text) ?? text);
      checkParsed(`${path}.nomad`, wanted, recorded.variables);
    });
  for (const name of scenarios)
    check(name, () => {
      const path = join(data, name);
      checkParsed(`${path}.nomad.hcl`, (readJson(`${path}.json`) as { Job: unknown }).Job);
    });
});

describe("a wrong job file is refused where the reference refuses it", () => {
  for (const name of errors)
    check(`errors/${name}`, () => {
      const path = join(data, "jobspec/errors", name);
      const recorded = readJson(`${path}.json`) as Recorded;
      const result = parse(`${path}.nomad`, recorded.variables);
      if (recorded.stage !== "parse") {
        expect(result.ok).toBe(true);
        return;
      }
      if (result.ok) throw new Error("the file is accepted");
      const [first] = result.diagnostics;
      const places = recorded.anyOf ?? [{ line: recorded.line, column: recorded.column }];
      const got = { line: first?.start?.line ?? null, column: first?.start?.column ?? null };
      expect(places, first && formatDiagnostic(first)).toContainEqual(got);
    });
});

test("the recorded command line gives values by their strength", () => {
  const path = join(data, "jobspec/cli-var-precedence");
  const recorded = readJson(`${path}.json`) as { output: { Job: unknown } };
  const result = parseJob(readFileSync(`${path}.nomad`, "utf8"), {
    file: "cli-var-precedence.nomad",
    variableFiles: [
      { name: "cli-var-precedence.vars", text: readFileSync(`${path}.vars`, "utf8") },
    ],
    variableFlags: { a: "command line", list: "[1, 2 + 3]", flag: "true", num: "3" },
    environment: { a: "env", b: "env", c: "env", unknown: "x" },
    strictVariables: true,
  });
  expect(bare(result.ok ? result.body : result.diagnostics)).toEqual(bare(recorded.output.Job));
});

test("the recorded command line reads files beside the job file", () => {
  const path = join(data, "jobspec/fn-filesystem");
  const recorded = readJson(`${path}.json`) as { output: { Job: unknown } };
  const text = readFileSync(`${path}.nomad`, "utf8");
  const result = parseJob(text, { file: "fn-filesystem.nomad", folder: join(data, "jobspec") });
  expect(bare(result.ok ? result.body : result.diagnostics)).toEqual(bare(recorded.output.Job));
  const refused = parseJob(text, { file: "input.hcl" });
  expect(refused.ok ? [] : refused.diagnostics.map(formatDiagnostic)[0]).toContain(
    "file functions work only where a job file is read by the command line",
  );
});
