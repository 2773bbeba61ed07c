import { Binding, type Difference, differences } from "./match.ts";
import type { Row } from "./observe.ts";

export interface Answers {
  readonly responses: readonly {
    readonly step: number;
    readonly status: number;
    readonly body?: unknown;
  }[];
  readonly observations: { readonly [name: string]: Row };
  readonly collapsed?: string;
  readonly optionalEvents?: readonly string[];
  readonly tolerate?: readonly string[];
}
export interface Played {
  readonly responses: ReadonlyMap<number, { readonly status: number; readonly text: string }>;
  readonly observations: ReadonlyMap<string, Row>;
}

/** Every difference between what a scenario gave and its recording, in the order of the recording. */
export function scenarioDifferences(answers: Answers, played: Played): readonly Difference[] {
  const binding = new Binding();
  const found: Difference[] = [];
  for (const { step, status, body } of answers.responses) {
    const path = `$.responses[${step}]`;
    const given = played.responses.get(step);
    if (given?.status !== status)
      found.push({ path: `${path}.status`, expected: status, actual: given });
    else if (body !== undefined)
      found.push(...differences(textOf(body), answerOf(body, given.text), binding, path));
  }
  for (const [name, expected] of Object.entries(answers.observations)) {
    const actual = played.observations.get(name);
    const path = `$.observations.${name}`;
    if (actual === undefined) found.push({ path, expected: "an observation", actual });
    else found.push(...observationDifferences(answers, { expected, actual, binding, path }));
  }
  const tolerated = answers.tolerate ?? [];
  return found.filter(({ path }) => !tolerated.some((one) => isWithin(path, one)));
}

const isWithin = (path: string, area: string): boolean =>
  path === area || path.startsWith(`${area}.`) || path.startsWith(`${area}[`);

const textOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "text" in body ? body.text : body;
const answerOf = (body: unknown, text: string): unknown =>
  typeof textOf(body) === "string" ? text.trimEnd() : (JSON.parse(text) as unknown);

interface Pair {
  readonly expected: Row;
  readonly actual: Row;
  readonly binding: Binding;
  readonly path: string;
}

function observationDifferences(answers: Answers, pair: Pair): readonly Difference[] {
  const { expected, actual, binding, path } = pair;
  return Object.entries(expected).flatMap(([part, wanted]) => {
    const at = `${path}.${part}`;
    const given = actual[part];
    switch (part) {
      case "job":
      case "summary":
      case "node":
        return differences(wanted, onlyShown(wanted, given), binding, at);
      case "versions":
        return differences(wanted, listOnlyShown(wanted, given), binding, at);
      case "evaluations": {
        const rows = given as readonly Row[];
        return differences(
          wanted,
          answers.collapsed === undefined ? rows : collapsed(rows),
          binding,
          at,
        );
      }
      case "allocations":
        return differences(
          withoutMissingOptional(wanted, given),
          shownAllocations(wanted, given),
          binding,
          at,
        );
      case "children":
        return (wanted as readonly Row[]).flatMap((child, n) => {
          const own = (given as readonly Row[])[n];
          const childPath = `${at}[${n}]`;
          return own === undefined
            ? [{ path: childPath, expected: "a child", actual: undefined }]
            : observationDifferences(answers, {
                expected: child,
                actual: own,
                binding,
                path: childPath,
              });
        });
      default:
        return differences(wanted, given, binding, at);
    }
  });
}

/** Only the keys that the recording shows, at every depth of objects; lists keep all their members. */
function onlyShown(wanted: unknown, given: unknown): unknown {
  if (Array.isArray(wanted)) return listOnlyShown(wanted, given);
  if (typeof wanted !== "object" || wanted === null || typeof given !== "object" || given === null)
    return given;
  const keys = Object.keys(wanted);
  if (keys.some((key) => key.includes("@"))) return given;
  return Object.fromEntries(
    keys.map((key) => [key, onlyShown((wanted as Row)[key], (given as Row)[key])]),
  );
}

const listOnlyShown = (wanted: unknown, given: unknown): unknown =>
  Array.isArray(wanted) && Array.isArray(given)
    ? given.map((item, at) => onlyShown(wanted[at] ?? wanted[0], item))
    : given;

/** Keys that no recorded allocation shows are left out at the top of each; below it all is compared. */
function shownAllocations(wanted: unknown, given: unknown): unknown {
  if (!Array.isArray(wanted) || !Array.isArray(given)) return given;
  return given.map((one: Row, at) => {
    const shown = (wanted as readonly Row[])[at] ?? {};
    return Object.fromEntries(Object.keys(shown).map((key) => [key, one[key]]));
  });
}

/** Takes optional events that did not come out of the recording. */
function withoutMissingOptional(wanted: unknown, given: unknown): unknown {
  if (!Array.isArray(wanted)) return wanted;
  return (wanted as readonly Row[]).map((one, at) => {
    const states = (one["TaskStates"] ?? null) as { readonly [task: string]: Row } | null;
    if (states === null) return one;
    const own = ((given as readonly Row[])[at]?.["TaskStates"] ?? {}) as typeof states;
    const aligned = Object.entries(states).map(([task, state]) => [
      task,
      { ...state, Events: alignedEvents(state["Events"], own[task]?.["Events"]) },
    ]);
    return { ...one, TaskStates: Object.fromEntries(aligned) as unknown };
  });
}

function alignedEvents(wanted: unknown, given: unknown): unknown {
  if (!Array.isArray(wanted)) return wanted;
  const rest = [...((given ?? []) as readonly Row[])];
  const kept: Row[] = [];
  for (const { optional, ...event } of wanted as readonly Row[]) {
    const isHere = rest[0] !== undefined && differences(event, rest[0], new Binding()).length === 0;
    if (optional === true && !isHere) continue;
    kept.push(event);
    rest.shift();
  }
  return kept;
}

/** Neighbouring complete evaluations of one deployment's watcher count as one; canceled ones do not count. */
function collapsed(rows: readonly Row[]): readonly Row[] {
  const isWatcher = (row: Row): boolean => row["TriggeredBy"] === "deployment-watcher";
  return rows
    .filter((row) => !(isWatcher(row) && row["Status"] === "canceled"))
    .filter((row, at, all) => {
      const next = all[at + 1];
      return !(
        isWatcher(row) &&
        next !== undefined &&
        isWatcher(next) &&
        next["DeploymentID"] === row["DeploymentID"] &&
        next["Status"] === "complete"
      );
    });
}
