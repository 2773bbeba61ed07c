import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileFolders, fillWord } from "./cli-argv.ts";
import { drainFaults, layoutFaults, monitorFaults, textFaults } from "./cli-text.ts";
import { Binding, differences, shapeDifferences } from "./match.ts";
import type { CaseResult } from "./play-api.ts";
import { dataDir, type World } from "./world.ts";

const folder = join(dataDir, "cli");
const program = new URL("../../../dist/main.js", import.meta.url).pathname;

/** One command line: what to run and, when it is a recorded one, what it must do. */
export interface CliStep {
  readonly name: string;
  readonly seq: number;
  readonly argv: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly stdin?: string | { readonly file: string };
  readonly before?: string;
  readonly waitMs?: number;
}
export interface CliCase extends CliStep {
  readonly phase: "read" | "write";
  readonly exit: number;
  readonly stdoutOrStderr: "stdout" | "stderr" | "both" | "none";
  readonly compare?: string;
  readonly indent?: number;
}
export interface CommandResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const cliCases = (phase: CliCase["phase"]): readonly CliCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== "sequence.json")
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as CliCase)
    .filter((one) => one.phase === phase)
    .toSorted((a, b) => a.seq - b.seq);

/** The reads change nothing: two run at a time. */
export async function playCliReads(
  world: World,
  cases: readonly CliCase[],
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      results.push(await playCliCase(world, one));
  };
  await Promise.all([worker(), worker()]);
  return results.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Plays every write in its order, those too of which nothing is recorded: later ones build on them. */
export async function playCliWrites(
  world: World,
  note: (text: string) => void,
  rest: (ms: number) => Promise<unknown> = (ms) => sleep(ms),
): Promise<readonly CaseResult[]> {
  const recorded = new Map(cliCases("write").map((one) => [one.name, one]));
  const steps = JSON.parse(readFileSync(join(folder, "sequence.json"), "utf8")) as CliStep[];
  const results: CaseResult[] = [];
  for (const step of steps) {
    const one = recorded.get(step.name);
    const since = performance.now();
    if (one !== undefined) results.push(await playCliCase(world, one));
    else await run(world, step).catch((thrown: unknown) => note(`${step.name}: ${String(thrown)}`));
    const tookMs = performance.now() - since;
    if (tookMs > 3000) note(`${step.name} took ${Math.round(tookMs)} ms`);
    await rest(step.waitMs ?? 0);
  }
  return results;
}

export async function playCliCase(world: World, one: CliCase): Promise<CaseResult> {
  try {
    return { name: one.name, faults: commandFaults(one, await run(world, one)).slice(0, 20) };
  } catch (thrown) {
    return { name: one.name, faults: [thrown instanceof Error ? thrown.message : String(thrown)] };
  }
}

async function run(world: World, step: CliStep): Promise<CommandResult> {
  // The one "before" there is: `job run -detach FILE, then N s`.
  const before = /^(job run -detach) (\S+), then (\d+) s$/.exec(step.before ?? "");
  if (before !== null) {
    const [, words = "", file = "", seconds = ""] = before;
    await runOnce(world, {
      name: "before",
      seq: 0,
      argv: [...words.split(" "), join(folder, file)],
    });
    await sleep(Number(seconds) * 1000);
  }
  const argv: string[] = [];
  for (const word of step.argv) argv.push(await fillWord(world, word));
  return runOnce(world, { ...step, argv });
}

async function runOnce(world: World, step: CliStep): Promise<CommandResult> {
  const child = spawn(process.execPath, [program, ...step.argv], {
    env: {
      PATH: process.env["PATH"],
      HOME: world.agent.dir,
      TZ: "UTC",
      NOMAD_ADDR: world.agent.address,
      ...step.env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  // A command that does not read its input may have ended before it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputOf(step));
  const limit = setTimeout(() => child.kill("SIGKILL"), 45_000);
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(limit);
  return { exit, ...said };
}

function inputOf({ stdin }: CliStep): string {
  if (stdin === undefined || typeof stdin === "string") return stdin ?? "";
  return readFileSync(join(folder, stdin.file), "utf8");
}

/** What of a command's end differs from the recording. */
export function commandFaults(one: CliCase, given: CommandResult): readonly string[] {
  const { stdout, stderr } = recorded(one);
  const faults: string[] = [];
  if (given.exit !== one.exit) faults.push(`exit code ${given.exit}, wanted ${one.exit}`);
  for (const [stream, want] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    const got = fileFolders.reduce((text, path) => text.replaceAll(`${path}/`, ""), given[stream]);
    const speaks = one.stdoutOrStderr === stream || one.stdoutOrStderr === "both";
    if (!speaks && got.trim() !== "")
      faults.push(`${stream} is not silent: ${JSON.stringify(got.slice(0, 160))}`);
    if (speaks) faults.push(...streamFaults(one, stream, want, got).map((f) => `${stream} ${f}`));
  }
  return faults;
}

function streamFaults(
  one: CliCase,
  stream: "stdout" | "stderr",
  want: string,
  got: string,
): readonly string[] {
  if (one.compare === "exit code and stream only") return got.trim() === "" ? ["is silent"] : [];
  if (stream === "stderr" && one.stdoutOrStderr === "both") return textFaults(want, got);
  switch (one.compare) {
    case undefined:
    case "machine dependent values are @v":
      return one.argv.includes("drain") ? drainFaults(want, got) : textFaults(want, got);
    case "layout only: left-hand names; values are @v":
      return layoutFaults(want, got);
    case "monitor":
      return monitorFaults(want, got);
    default:
      if (!one.compare.startsWith("JSON")) return [`nobody knows how to compare: ${one.compare}`];
      return jsonFaults(one, want, got);
  }
}

function jsonFaults(one: CliCase, want: string, got: string): readonly string[] {
  const expected: unknown = JSON.parse(want);
  let actual: unknown;
  try {
    actual = JSON.parse(got);
  } catch {
    return [`is no JSON: ${JSON.stringify(got.slice(0, 160))}`];
  }
  const found =
    one.compare === "JSON with the placeholders of api/"
      ? differences(expected, actual, new Binding())
      : shapeDifferences(expected, actual, one.compare === "JSON, shape" ? "shape" : "keys");
  // The recordings count the blanks before the first name: twice as many in a list of objects.
  const indent = /\n( *)"/.exec(got)?.[1]?.length ?? 0;
  return [
    ...found.map(
      (fault) =>
        `${fault.path}: ${JSON.stringify(fault.actual)}, wanted ${JSON.stringify(fault.expected)}`,
    ),
    ...(one.indent === undefined || indent === one.indent
      ? []
      : [`is indented by ${indent}, wanted ${one.indent}`]),
  ];
}

function recorded(one: CliCase): { readonly stdout: string; readonly stderr: string } {
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  const text = read(`${one.name}.txt`);
  if (one.stdoutOrStderr === "stderr") return { stdout: "", stderr: text };
  return { stdout: text, stderr: read(`${one.name}.stderr.txt`) };
}
