import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { liveAgent } from "../../support/live-agent.ts";
import { applyMarks, type Marks } from "./marks.ts";
import { Binding, type Difference, differences } from "./match.ts";
import { jsonOrText, observe } from "./observe.ts";
import { type ScenarioStep, ScenarioWorld } from "./scenario-world.ts";
import { dataDir } from "./world.ts";

const folder = join(dataDir, "scenario");

export interface ScenarioAnswers extends Marks {
  readonly responses: readonly {
    readonly step: number;
    readonly status: number;
    readonly body?: unknown;
  }[];
  readonly observations: { readonly [name: string]: unknown };
}
/** One response or observation, and how it differs; none: it passed. */
export interface PartResult {
  readonly part: string;
  readonly faults: readonly string[];
}
export interface ScenarioResult {
  readonly name: string;
  readonly parts: readonly PartResult[];
  readonly seconds: number;
}
/** What the agent answered, under the names of the recording's parts. */
export type Played = ReadonlyMap<string, unknown>;

export const scenarioNames = (): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

export const isWhole = (result: ScenarioResult): boolean =>
  result.parts.every((one) => one.faults.length === 0);

const responsePart = (step: number): string => `response ${step}`;
const observationPart = (name: string): string => `observation ${name}`;

/** Plays each on an agent of its own, at most so many at once, and answers in the order asked. */
export async function playScenarios(
  names: readonly string[],
  atOnce: number,
  done: (result: ScenarioResult) => void = () => undefined,
): Promise<readonly ScenarioResult[]> {
  const waiting = [...names];
  const results = new Map<string, ScenarioResult>();
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await playScenario(name);
      results.set(name, result);
      done(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return names.flatMap((name) => results.get(name) ?? []);
}

async function playScenario(name: string): Promise<ScenarioResult> {
  const answers = read(name, "answers.json") as ScenarioAnswers;
  const { steps } = read(name, "steps.json") as { readonly steps: readonly ScenarioStep[] };
  const since = performance.now();
  const played = new Map<string, unknown>();
  const agent = await liveAgent({ dev: true, configFiles: [join(folder, "agent.hcl")] });
  let broken: string | undefined;
  try {
    await agent.start();
    const world = new ScenarioWorld(agent, name);
    for (const [index, step] of steps.entries()) {
      const failure = await play(world, step, index, played).catch((thrown: unknown) =>
        thrown instanceof Error ? thrown.message : String(thrown),
      );
      if (failure === undefined) continue;
      broken = `step ${index} (${step.do}): ${failure}`;
      break;
    }
  } finally {
    await agent.cleanUp();
  }
  const parts = compareScenario(answers, played);
  return {
    name,
    parts: broken === undefined ? parts : [{ part: "steps", faults: [broken] }, ...parts],
    seconds: Math.round((performance.now() - since) / 1000),
  };
}

const read = (scenario: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, scenario, file), "utf8")) as unknown;

async function play(
  world: ScenarioWorld,
  step: ScenarioStep,
  index: number,
  played: Map<string, unknown>,
): Promise<undefined> {
  const ask = async (method: string, path: string, body?: unknown): Promise<void> => {
    const text = body === undefined ? undefined : await world.fill(JSON.stringify(body));
    const answer = await world.ask(
      method,
      await world.fill(path),
      text === undefined ? {} : { body: text },
    );
    played.set(responsePart(index), { status: answer.status, body: jsonOrText(answer.text) });
  };
  switch (step.do) {
    case "register": {
      const body = JSON.stringify(await world.registration(step));
      const answer = await world.ask("PUT", "/v1/jobs", { body });
      played.set(responsePart(index), { status: answer.status, body: jsonOrText(answer.text) });
      return undefined;
    }
    case "deregister":
      await ask("DELETE", `/v1/job/${step.job}${step.purge === true ? "?purge=true" : ""}`);
      return undefined;
    case "request":
      await ask(step.method ?? "GET", step.path ?? "", step.body);
      return undefined;
    case "docker-kill":
    case "docker-exec":
      await world.touchContainer(step);
      return undefined;
    case "sleep":
      await new Promise<void>((resolve) => {
        setTimeout(resolve, step.ms ?? 0);
      });
      return undefined;
    case "wait":
      await world.wait(step);
      return undefined;
    case "observe":
      played.set(observationPart(step.name ?? ""), await observe(world, step));
      return undefined;
    default:
      return step.do satisfies never;
  }
}

/** Compares everything played with the recording; ids are bound over the whole scenario. */
export function compareScenario(answers: ScenarioAnswers, played: Played): readonly PartResult[] {
  const binding = new Binding();
  const responses = answers.responses.map(({ step, status, body }): PartResult => {
    const part = responsePart(step);
    const given = played.get(part);
    if (given === undefined) return { part, faults: ["it was not reached"] };
    return { part, faults: describe(differences({ status, body: textOf(body) }, given, binding)) };
  });
  const observations = Object.entries(answers.observations).map(([name, recorded]): PartResult => {
    const part = observationPart(name);
    if (!played.has(part)) return { part, faults: ["it was not reached"] };
    const { expected, actual } = applyMarks(name, recorded, played.get(part), answers);
    return { part, faults: describe(differences(expected, actual, binding)) };
  });
  return [...responses, ...observations];
}

/** A recorded text answer stands in an object of its own. */
const textOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "text" in body ? body.text : body;

const describe = (found: readonly Difference[]): readonly string[] =>
  found.map(({ path, expected, actual }) => `${path}: ${short(actual)}, wanted ${short(expected)}`);

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 160);
