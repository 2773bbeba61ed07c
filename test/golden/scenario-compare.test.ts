import { describe, expect, test } from "vitest";
import { applyMarks, type Marks } from "./player/marks.ts";
import { compareScenario, type ScenarioAnswers } from "./player/play-scenario.ts";

const a = "11111111-1111-4111-8111-111111111111";
const b = "22222222-2222-4222-8222-222222222222";
const event = (type: string, more: object = {}): object => ({ Type: type, Time: "@ns", ...more });
const given = (type: string): object => ({ Type: type, Time: 1_700_000_000_000_000_000 });
const watcher = (id: string, status: string, deployment: string): object => ({
  ID: id,
  TriggeredBy: "deployment-watcher",
  Status: status,
  DeploymentID: deployment,
});

const answers: ScenarioAnswers = {
  responses: [
    { step: 0, status: 200, body: { EvalID: "@uuid:1", Index: "@index" } },
    { step: 3, status: 500, body: { text: "can't revert to current version" } },
  ],
  observations: {
    after: {
      evaluations: [{ ID: "@uuid:1", Status: "complete" }],
      allocations: [
        {
          EvalID: "@uuid:1",
          ClientStatus: "complete",
          TaskStates: { main: { Events: [event("Started"), event("Killed")] } },
        },
      ],
    },
  },
};
const response = { status: 200, body: { EvalID: a, Index: 9 } };
const refusal = { status: 500, body: "can't revert to current version" };
const after = {
  evaluations: [{ ID: a, Status: "complete" }],
  allocations: [
    {
      EvalID: a,
      ClientStatus: "complete",
      TaskStates: { main: { Events: [given("Started"), given("Killed")] } },
    },
  ],
};
const failing = (
  over: { readonly [part: string]: unknown },
  recorded: ScenarioAnswers = answers,
): readonly string[] => {
  const played = { "response 0": response, "response 3": refusal, "observation after": after };
  return compareScenario(recorded, new Map(Object.entries({ ...played, ...over })))
    .filter((one) => one.faults.length > 0)
    .map((one) => one.part);
};

describe("a played scenario", () => {
  test("passes when it is as recorded", () => {
    expect(failing({})).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["a status", { ...after, evaluations: [{ ID: a, Status: "blocked" }] }],
    [
      "another id than the response told",
      { ...after, evaluations: [{ ID: b, Status: "complete" }] },
    ],
    ["an evaluation too many", { ...after, evaluations: [...after.evaluations, { ID: b }] }],
    ["a missing allocation", { ...after, allocations: [] }],
    ["a part that was not recorded", { ...after, node: { Status: "ready" } }],
    [
      "events in another order",
      {
        ...after,
        allocations: [
          {
            ...after.allocations[0],
            TaskStates: { main: { Events: [given("Killed"), given("Started")] } },
          },
        ],
      },
    ],
  ])("fails with %s", (_, wrong) => {
    expect(failing({ "observation after": wrong })).toEqual(["observation after"]);
  });

  test("fails with another answer, and with a part that was never reached", () => {
    expect(failing({ "response 3": { status: 500, body: "no" } })).toEqual(["response 3"]);
    expect(failing({ "response 3": { ...refusal, status: 400 } })).toEqual(["response 3"]);
    expect(failing({ "observation after": undefined })).toEqual(["observation after"]);
    expect(compareScenario(answers, new Map()).every((one) => one.faults.length > 0)).toBe(true);
  });
});

describe("marks", () => {
  const events = (list: readonly object[]): object => ({ allocations: [{ Events: list }] });
  const compared = (expected: unknown, actual: unknown, marks: Marks): readonly string[] => {
    const recorded = { ...marks, responses: [], observations: { after: expected } };
    const played = new Map([["observation after", actual]]);
    return compareScenario(recorded, played).flatMap((one) => one.faults);
  };

  test("an optional event may be missing, any other may not", () => {
    const expected = events([event("Started"), event("Odd", { optional: true }), event("Killed")]);
    const marks = { optionalEvents: ["$.observations.after.allocations[0].Events"] };
    const of = (...types: readonly string[]): object => events(types.map(given));
    expect(compared(expected, of("Started", "Odd", "Killed"), marks)).toEqual([]);
    expect(compared(expected, of("Started", "Killed"), marks)).toEqual([]);
    expect(compared(expected, of("Odd", "Killed"), marks)).not.toEqual([]);
    expect(compared(expected, of("Started", "Odd"), marks)).not.toEqual([]);
    expect(compared(expected, of("Started", "Killed"), {})).not.toEqual([]);
  });

  test("a tolerated path may differ or be missing, its neighbour may not", () => {
    const marks = { tolerate: ["$.observations.after.allocations[0].Score"] };
    const expected = { allocations: [{ Score: 1, Name: "a" }] };
    expect(compared(expected, { allocations: [{ Score: 2, Name: "a" }] }, marks)).toEqual([]);
    expect(compared(expected, { allocations: [{ Name: "a" }] }, marks)).toEqual([]);
    expect(compared(expected, { allocations: [{ Score: 1, Name: "b" }] }, marks)).not.toEqual([]);
    expect(compared(expected, { allocations: [{ Score: 2, Name: "a" }] }, {})).not.toEqual([]);
  });

  test("watcher evaluations collapse only when marked, and only those of one deployment", () => {
    const rows = [
      watcher("1", "complete", "d"),
      watcher("2", "canceled", "d"),
      watcher("3", "complete", "d"),
      watcher("4", "complete", "e"),
    ];
    const ids = (marks: Marks): readonly unknown[] => {
      const { actual } = applyMarks("after", {}, { evaluations: rows }, marks);
      return (actual as { readonly evaluations: { readonly ID: string }[] }).evaluations.map(
        (one) => one.ID,
      );
    };
    expect(ids({ collapsed: "yes" })).toEqual(["3", "4"]);
    expect(ids({})).toEqual(["1", "2", "3", "4"]);
  });
});
