import type { ScenarioStep, ScenarioWorld, Stamped } from "./scenario-world.ts";

type Fields = { readonly [key: string]: unknown };
interface EvaluationRow extends Stamped {
  readonly TriggeredBy: string;
}

/** The keys that a recorded allocation may have; `AllocatedResources` only in a full observation. */
const allocationKeys = [
  "ID",
  "EvalID",
  "Name",
  "NodeID",
  "JobID",
  "TaskGroup",
  "DesiredStatus",
  "DesiredDescription",
  "DesiredTransition",
  "ClientStatus",
  "ClientDescription",
  "DeploymentID",
  "DeploymentStatus",
  "TaskStates",
  "Metrics",
  "NextAllocation",
  "PreviousAllocation",
  "FollowupEvalID",
  "RescheduleTracker",
];
const jobKeys = [
  "ID",
  "Type",
  "Status",
  "StatusDescription",
  "Version",
  "Stable",
  "Stop",
  "Dispatched",
];

/** Everything that an observation of the recording holds, in the recording's order. */
export async function observe(world: ScenarioWorld, step: ScenarioStep): Promise<Fields> {
  const job = step.job ?? "";
  const seen: { [part: string]: unknown } = await observeJob(world, job, step.full === true);
  if (step.children === true) {
    const children = await world.children(job);
    seen["children"] = await Promise.all(children.map((one) => observeJob(world, one.ID, false)));
  }
  if (step.node === true) seen["node"] = await observeNode(world);
  if (step.get !== undefined) {
    const answers: { [name: string]: unknown } = {};
    for (const [name, path] of Object.entries(step.get)) {
      const { status, text } = await world.ask("GET", await world.fill(path));
      answers[name] = { path, status, body: jsonOrText(text) };
    }
    seen["get"] = answers;
  }
  return seen;
}

async function observeJob(
  world: ScenarioWorld,
  id: string,
  isFull: boolean,
): Promise<{ [part: string]: unknown }> {
  const path = `/v1/job/${encodeURIComponent(id)}`;
  const job = await world.ask("GET", path);
  const [evaluations, deployments, allocations] = await Promise.all([
    world.json<EvaluationRow[]>(`${path}/evaluations`),
    world.json<Stamped[]>(`${path}/deployments?all=true`),
    observeAllocations(world, path, isFull),
  ]);
  const rows = {
    evaluations: evaluations.toSorted(byAge).map((one) => without({ ...one }, "Wait")),
    deployments: deployments.toSorted((a, b) => a.CreateIndex - b.CreateIndex),
    allocations,
  };
  if (job.status === 404) return { job: { notFound: true }, ...rows };
  const body = JSON.parse(job.text) as Fields;
  const [{ Versions }, { Summary, Children }] = await Promise.all([
    world.json<{ readonly Versions: Fields[] }>(`${path}/versions`),
    world.json<Fields>(`${path}/summary`),
  ]);
  return {
    job: {
      ...pick(body, body["ParentID"] === "" ? jobKeys : [...jobKeys, "ParentID"]),
      Counts: countsOf(body),
    },
    ...(isFull ? { jobFull: body } : {}),
    versions: Versions.map((one) => pick(one, ["Version", "Stable", "Stop"])),
    summary: { Summary, Children },
    ...rows,
  };
}

async function observeAllocations(
  world: ScenarioWorld,
  path: string,
  isFull: boolean,
): Promise<readonly Fields[]> {
  interface Stub extends Stamped {
    readonly Name: string;
  }
  const stubs = await world.json<Stub[]>(`${path}/allocations?all=true`);
  const sorted = stubs.toSorted(
    (a, b) =>
      (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0) ||
      a.CreateIndex - b.CreateIndex ||
      a.CreateTime - b.CreateTime,
  );
  return Promise.all(
    sorted.map(async ({ ID }) => {
      const whole = await world.json<Fields>(`/v1/allocation/${ID}`);
      const keys = isFull ? [...allocationKeys, "AllocatedResources"] : allocationKeys;
      return {
        ...withoutEmptyTexts(pick(whole, keys)),
        TaskStates: withMeaningfulEvents(whole["TaskStates"]),
        JobVersion: (whole["Job"] as Fields | null | undefined)?.["Version"],
      };
    }),
  );
}

async function observeNode(world: ScenarioWorld): Promise<Fields> {
  const node = await world.json<Fields>(`/v1/node/${world.agent.nodeId()}`);
  const events = node["Events"] as readonly Fields[];
  return {
    ...pick(node, ["Status", "SchedulingEligibility", "Drain", "LastDrain"]),
    Events: events.map((one) => pick(one, ["Subsystem", "Message"])),
  };
}

const byAge = (a: EvaluationRow, b: EvaluationRow): number =>
  a.CreateIndex - b.CreateIndex ||
  a.CreateTime - b.CreateTime ||
  (a.TriggeredBy < b.TriggeredBy ? -1 : 1);

const countsOf = (job: Fields): Fields =>
  Object.fromEntries(
    (job["TaskGroups"] as readonly Fields[]).map((group) => [group["Name"], group["Count"]]),
  );

/** A transition that asks for nothing was not recorded either. */
function withoutEmptyTexts(allocation: Fields): Fields {
  const isSaid = ([key, value]: readonly [string, unknown]): boolean =>
    value !== "" &&
    !(key === "DesiredTransition" && Object.values(value ?? {}).every((one) => one === null));
  return Object.fromEntries(Object.entries(allocation).filter(isSaid));
}

/** Of an event stay its type, time, display text and details, and what else says something. */
function withMeaningfulEvents(states: unknown): unknown {
  if (typeof states !== "object" || states === null) return states;
  return Object.fromEntries(
    Object.entries(states as { readonly [task: string]: Fields }).map(([task, state]) => {
      const events = state["Events"];
      return [task, Array.isArray(events) ? { ...state, Events: events.map(meaningful) } : state];
    }),
  );
}

const kept = new Set(["Type", "Time", "DisplayMessage", "Details"]);
const meaningful = (event: Fields): Fields =>
  Object.fromEntries(
    Object.entries(event).filter(
      ([key, value]) =>
        kept.has(key) || !(value === 0 || value === "" || value === false || value === null),
    ),
  );

const pick = (from: Fields, keys: readonly string[]): Fields =>
  Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]]));

const without = (from: Fields, key: string): Fields =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));

export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
