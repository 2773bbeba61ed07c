import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bindFaults } from "./bind.ts";
import { bodyFaults, headerFaults, partialOf } from "./compare-case.ts";
import { Binding } from "./match.ts";
import { allocationNames, type AllocationNames } from "./order.ts";
import { bodyText } from "./request-body.ts";
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
  /** Which object a `@uuid:N` is. */
  readonly bind?: { readonly [number: string]: string };
  /** How long the answer took, in two runs. */
  readonly elapsedMs?: { readonly min: number; readonly max: number };
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
  const asked = performance.now();
  const answer = await world.ask(
    request.method,
    path,
    body === undefined ? { headers } : { headers, body },
  );
  if (answer.status !== one.status)
    return [`status ${answer.status} ${answer.text.slice(0, 120)}, wanted ${one.status}`];
  const binding = new Binding(partialOf(one.note));
  const took = performance.now() - asked;
  const allocations: AllocationNames =
    one.sortedBy === undefined ? new Map() : await allocationNames(world);
  const faults = [
    ...timeFaults(one, took),
    ...headerFaults(one, answer.headers),
    ...bodyFaults(one, answer.text, { binding, allocations }),
  ];
  if (faults.length > 0) return faults;
  return bindFaults(world, one.bind ?? {}, binding);
}

/** A wait is as long as asked for, with at most a sixteenth added by chance; an answer at once comes at once. */
function timeFaults({ elapsedMs, request }: ApiCase, took: number): readonly string[] {
  if (elapsedMs === undefined) return [];
  const wait = elapsedMs.max < 100 ? 0 : waitOf(request.path);
  return took >= wait && took <= wait * 1.07 + 500
    ? []
    : [`took ${Math.round(took)} ms, wanted ${elapsedMs.min} to ${elapsedMs.max}`];
}

function waitOf(path: string): number {
  const [, amount = "0", unit = ""] = /[?&]wait=(\d+)(ms|s)/.exec(path) ?? [];
  return Number(amount) * (unit === "s" ? 1000 : 1);
}
