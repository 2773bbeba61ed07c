import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Binding, differences, type PartialCompare, shapeDifferences } from "./match.ts";
import { dataDir, type World } from "./world.ts";

export interface ApiCase {
  readonly name: string;
  readonly phase: string;
  readonly seq: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: { readonly [name: string]: string };
    readonly body?: unknown;
  };
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly sortedBy?: string;
  readonly compare?: "shape" | "keys";
  readonly note?: string;
}
export interface CaseResult {
  readonly name: string;
  /** The first differences; none: it passed. */
  readonly faults: readonly string[];
}

export function apiCases(phase: string): readonly ApiCase[] {
  return readdirSync(join(dataDir, "api"))
    .filter((name) => name.endsWith(".json") && name !== "sequence.json")
    .map((name) => JSON.parse(readFileSync(join(dataDir, "api", name), "utf8")) as ApiCase)
    .filter((one) => one.phase === phase)
    .toSorted((a, b) => a.seq - b.seq);
}

/** Asks once and compares status, listed headers and body. */
export async function playApiCase(world: World, one: ApiCase): Promise<CaseResult> {
  try {
    return { name: one.name, faults: await faultsOf(world, one) };
  } catch (thrown) {
    return { name: one.name, faults: [thrown instanceof Error ? thrown.message : String(thrown)] };
  }
}

async function faultsOf(world: World, one: ApiCase): Promise<readonly string[]> {
  const { request } = one;
  const path = await world.fill(request.path);
  const body = await bodyText(world, request.body);
  const headers = { "accept-encoding": "identity", ...request.headers };
  const answer = await world.ask(
    request.method,
    path,
    body === undefined ? { headers } : { headers, body },
  );
  if (answer.status !== one.status)
    return [`status ${answer.status} ${answer.text.slice(0, 120)}, wanted ${one.status}`];
  const binding = new Binding(partialOf(one.note));
  return [...headerFaults(one, answer.headers), ...bodyFaults(one, answer.text, binding)].slice(
    0,
    3,
  );
}

async function bodyText(world: World, body: unknown): Promise<string | undefined> {
  if (body === undefined) return undefined;
  if (typeof body === "string") return world.fill(body);
  return world.fill(JSON.stringify(withJobs(world, body)));
}

/** `$job` names a job file, `$set` assigns dotted paths in it. */
function withJobs(world: World, body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("$job" in body)) return body;
  const { $job, $set, ...rest } = body as {
    readonly $job: string;
    readonly $set?: { readonly [path: string]: unknown };
  };
  const job: { [key: string]: unknown } = structuredClone(world.job(jobFile($job)));
  for (const [path, value] of Object.entries($set ?? {})) assign(job, path.split("."), value);
  return { Job: job, ...rest };
}

const jobFile = (name: string): string => {
  const files = readdirSync(join(dataDir, "state"))
    .filter((file) => file.startsWith(name))
    .toSorted();
  return files.at(-1) ?? name;
};

function assign(target: { [key: string]: unknown }, path: readonly string[], value: unknown): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const next = target[head];
  const inner = typeof next === "object" && next !== null ? next : {};
  target[head] = inner;
  assign(inner as { [key: string]: unknown }, rest, value);
}

function headerFaults(one: ApiCase, given: { readonly [name: string]: string }): readonly string[] {
  return Object.entries(one.headers)
    .filter(([name]) => !["content-encoding", "connection"].includes(name.toLowerCase()))
    .flatMap(([name, wanted]) => {
      const value = given[name.toLowerCase()];
      return value !== undefined && differences(wanted, value, new Binding()).length === 0
        ? []
        : [`header ${name}: ${value ?? "missing"}, wanted ${wanted}`];
    });
}

function partialOf(note: string | undefined): PartialCompare {
  if (note?.startsWith("only the keys shown") === true) return "all";
  return note?.startsWith("of Attributes only") === true ? "attributes" : "none";
}

function bodyFaults(one: ApiCase, text: string, binding: Binding): readonly string[] {
  if (one.body === undefined)
    return text === (one.rawBody ?? text)
      ? []
      : [`body ${text.slice(0, 80)}, wanted ${one.rawBody}`];
  const wanted = one.body as { readonly text?: string; readonly frames?: unknown };
  if (typeof wanted === "object" && wanted !== null && typeof wanted.text === "string")
    return describe(differences(wanted.text, jsonText(text), binding));
  const actual = sorted(JSON.parse(text), one.sortedBy);
  if (one.compare !== undefined) return describe(shapeDifferences(one.body, actual, one.compare));
  return describe(differences(sorted(one.body, one.sortedBy), actual, binding));
}

/** A recorded text may stand for a JSON string. */
const jsonText = (text: string): string => (/^"[^"]*"$/.test(text) ? text.slice(1, -1) : text);

/** Both sides in the same order, where the server's own order is not fixed. */
function sorted(value: unknown, by: string | undefined): unknown {
  if (by === undefined || !Array.isArray(value)) return value;
  if (!by.startsWith("CreateIndex") && by !== "ID") return value;
  const keys = by.split(/, then |, /);
  return keys[0] === "CreateIndex"
    ? [...value]
    : value.toSorted((a: unknown, b: unknown) =>
        String(field(a, by)).localeCompare(String(field(b, by))),
      );
}

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? (value as { readonly [key: string]: unknown })[key]
    : undefined;

const describe = (
  found: readonly { readonly path: string; readonly expected: unknown; readonly actual: unknown }[],
): readonly string[] =>
  found.map(({ path, expected, actual }) => `${path}: ${short(actual)}, wanted ${short(expected)}`);

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 100);
