import type { World } from "./world.ts";

/** What the recordings call an observation: parts of many answers, put in a fixed order. */
export type Row = { readonly [key: string]: unknown };
export interface ObserveStep {
  readonly name: string;
  readonly job: string;
  readonly full?: boolean;
  readonly children?: boolean;
  readonly node?: boolean;
  readonly get?: { readonly [name: string]: string };
}

export async function observe(world: World, step: ObserveStep): Promise<Row> {
  const gets: [string, unknown][] = [];
  for (const [name, path] of Object.entries(step.get ?? {})) {
    const answer = await world.ask("GET", await world.fill(path));
    gets.push([name, { path, status: answer.status, body: jsonOrText(answer.text) }]);
  }
  const children = step.children === true ? await childrenOf(world, step.job) : undefined;
  return {
    ...(await observeJob(world, step.job, step.full === true)),
    ...(children === undefined
      ? {}
      : { children: await inOrder(children, (child) => observeJob(world, child, false)) }),
    ...(step.node === true
      ? { node: await world.json<Row>(`/v1/node/${world.agent.nodeId()}`) }
      : {}),
    ...(gets.length === 0 ? {} : { get: Object.fromEntries(gets) }),
  };
}

async function observeJob(world: World, id: string, full: boolean): Promise<Row> {
  const path = `/v1/job/${encodeURIComponent(id)}`;
  const answer = await world.ask("GET", path);
  const found = answer.status === 200 ? (JSON.parse(answer.text) as Row) : undefined;
  const groups = (found?.["TaskGroups"] ?? []) as readonly { Name: string; Count: number }[];
  const versions =
    found === undefined ? undefined : await world.json<{ Versions: Row[] }>(`${path}/versions`);
  const stubs = await world.json<Row[]>(`${path}/allocations?all=true`);
  const allocations = await inOrder(
    stubs.toSorted(by("Name", "CreateIndex", "CreateTime")),
    (one) => world.json<Row>(`/v1/allocation/${String(one["ID"])}`),
  );
  return {
    ...(found === undefined
      ? { job: { notFound: true } }
      : {
          job: { ...found, Counts: Object.fromEntries(groups.map((g) => [g.Name, g.Count])) },
          versions: versions?.Versions,
          summary: await world.json<Row>(`${path}/summary`),
        }),
    ...(full ? { jobFull: found } : {}),
    evaluations: (await world.json<Row[]>(`${path}/evaluations`))
      .toSorted(by("CreateIndex", "CreateTime", "TriggeredBy"))
      .map((one) => ({ ...one, Wait: undefined })),
    deployments: (await world.json<Row[]>(`${path}/deployments?all=true`)).toSorted(
      by("CreateIndex"),
    ),
    allocations: allocations.map((one) => allocationParts(one)),
  };
}

function allocationParts(allocation: Row): Row {
  const { Job, TaskStates } = allocation as {
    readonly Job?: { readonly Version: number };
    readonly TaskStates?: { readonly [task: string]: Row } | null;
  };
  const states = Object.entries(TaskStates ?? {}).map(([task, state]) => {
    const Events = (state["Events"] ?? []) as readonly Row[];
    return [task, { ...state, Events: Events.map(eventParts) }] as const;
  });
  return {
    ...allocation,
    TaskStates: TaskStates === null ? null : Object.fromEntries(states),
    JobVersion: Job?.Version,
  };
}

const always = new Set(["Type", "Time", "DisplayMessage", "Details"]);

/** Of an event everything that says something. */
const eventParts = (event: Row): Row =>
  Object.fromEntries(
    Object.entries(event).filter(
      ([key, value]) => always.has(key) || ![0, "", false, null].includes(value as never),
    ),
  );

async function childrenOf(world: World, job: string): Promise<readonly string[]> {
  const all = await world.json<{ ID: string; ParentID: string; CreateIndex: number }[]>("/v1/jobs");
  return all
    .filter((one) => one.ParentID === job)
    .toSorted((a, b) => a.CreateIndex - b.CreateIndex)
    .map((one) => one.ID);
}

async function inOrder<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await read(item));
  return results;
}

const by =
  (...keys: readonly string[]) =>
  (a: Row, b: Row): number => {
    for (const key of keys) {
      const [x, y] = [a[key], b[key]];
      if (typeof x === "number" && typeof y === "number" && x !== y) return x - y;
      if (String(x) !== String(y) && typeof x !== "number") return String(x) < String(y) ? -1 : 1;
    }
    return 0;
  };

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The recordings keep what is no JSON as text.
    return text;
  }
}
