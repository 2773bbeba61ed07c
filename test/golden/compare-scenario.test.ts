import { expect, test } from "vitest";
import { type Answers, scenarioDifferences } from "./player/compare-scenario.ts";
import type { Row } from "./player/observe.ts";

const event = (Type: string, more: Row = {}): Row => ({ Type, Time: "@ns", ...more });
const seen = (Type: string): Row => ({ Type, Time: 7 });
const answers = (observation: Row, more: Partial<Answers> = {}): Answers => ({
  responses: [{ step: 0, status: 200, body: { EvalID: "@uuid:1" } }],
  observations: { after: observation },
  ...more,
});
const id = "11111111-1111-4111-8111-111111111111";
const other = "22222222-2222-4222-8222-222222222222";
const paths = (recorded: Answers, observation: Row | undefined, status = 200): string[] =>
  scenarioDifferences(recorded, {
    responses: new Map([[0, { status, text: JSON.stringify({ EvalID: id }) }]]),
    observations: new Map(observation === undefined ? [] : [["after", observation]]),
  }).map(({ path }) => path);

test("what is recorded is found, and keys that are not shown may be there", () => {
  const recorded = answers({
    job: { Status: "running" },
    allocations: [{ EvalID: "@uuid:1", TaskStates: { main: { Events: [event("Started")] } } }],
  });
  const given = {
    job: { Status: "running", Priority: 50 },
    allocations: [{ EvalID: id, Extra: 1, TaskStates: { main: { Events: [seen("Started")] } } }],
  };
  expect(paths(recorded, given)).toEqual([]);
});

test("another status, another id, a missing observation and a surplus row are told", () => {
  const recorded = answers({ evaluations: [{ ID: "@uuid:1" }] });
  expect(paths(recorded, { evaluations: [{ ID: id }] }, 500)).toContain("$.responses[0].status");
  expect(paths(recorded, { evaluations: [{ ID: other }] })).toEqual([
    "$.observations.after.evaluations[0].ID",
  ]);
  expect(paths(recorded, undefined)).toEqual(["$.observations.after"]);
  expect(paths(recorded, { evaluations: [{ ID: id }, { ID: other }] })).toEqual([
    "$.observations.after.evaluations.length",
  ]);
});

test("an optional event may be missing, any other may not", () => {
  const states = (events: readonly Row[]): Row => ({
    allocations: [{ TaskStates: { main: { Events: events } } }],
  });
  const recorded = answers(
    states([event("Started"), event("Terminated", { optional: true }), event("Killed")]),
  );
  expect(paths(recorded, states([seen("Started"), seen("Killed")]))).toEqual([]);
  expect(paths(recorded, states(["Started", "Terminated", "Killed"].map(seen)))).toEqual([]);
  expect(paths(recorded, states([seen("Started")]))).not.toEqual([]);
});

test("what is tolerated may differ, and its neighbours may not", () => {
  const recorded = answers(
    { summary: { A: 1, B: 1 } },
    { tolerate: ["$.observations.after.summary.A"] },
  );
  expect(paths(recorded, { summary: { A: 2, B: 1 } })).toEqual([]);
  expect(paths(recorded, { summary: { A: 1, B: 2 } })).toEqual(["$.observations.after.summary.B"]);
});

test("neighbouring evaluations of one deployment count as one only where the recording says so", () => {
  const watcher = (Status: string): Row => ({
    TriggeredBy: "deployment-watcher",
    DeploymentID: "d",
    Status,
  });
  const recorded = answers({ evaluations: [watcher("complete")] });
  const given = {
    evaluations: [watcher("complete"), watcher("canceled"), watcher("complete")],
  };
  expect(paths({ ...recorded, collapsed: "yes" }, given)).toEqual([]);
  expect(paths(recorded, given)).not.toEqual([]);
});
