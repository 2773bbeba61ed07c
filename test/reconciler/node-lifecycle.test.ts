import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TaskState } from "../../src/model/allocation.ts";
import type { Job, RestartPolicy, Task } from "../../src/model/job.ts";
import {
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId,
} from "../support/scripted-job.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";

/** The reference's own recordings: a scripted engine plays what the tasks did, the node must tell the same story. */
interface Body {
  readonly Job: {
    readonly Type: Job["Type"];
    readonly TaskGroups: readonly {
      readonly RestartPolicy: { readonly [K in keyof RestartPolicy]: RestartPolicy[K] | null };
      readonly Tasks: readonly Pick<Task, "Name" | "Lifecycle" | "Leader" | "KillTimeout">[];
    }[];
  };
}
interface Recorded {
  readonly ClientStatus: string;
  readonly ClientDescription: string;
  readonly TaskStates: {
    readonly [task: string]: Pick<TaskState, "State" | "Failed" | "Restarts" | "Events">;
  };
}
const read = (scenario: string, file: string): unknown =>
  JSON.parse(readFileSync(`test/golden/data/scenario/${scenario}/${file}`, "utf8"));

function jobOf(scenario: string): Job {
  const { Job } = read(scenario, "v0.json") as Body;
  const [group] = Job.TaskGroups;
  if (!group) throw new Error("no group");
  const { Attempts, Delay, Mode, Interval } = group.RestartPolicy;
  const policy: RestartPolicy = {
    Attempts: Attempts ?? 0,
    Interval: Interval ?? 600e9,
    Delay: Delay ?? 1e9,
    Mode: Mode ?? "fail",
    RenderTemplates: false,
  };
  const tasks = group.Tasks.map(({ Name, Lifecycle, Leader, KillTimeout }) =>
    scriptedTask({ Name, Lifecycle, Leader, KillTimeout }),
  );
  return scriptedJob({
    Type: Job.Type,
    TaskGroups: [scriptedGroup({ Tasks: tasks, RestartPolicy: policy })],
  });
}

function recorded(scenario: string): Recorded {
  const answers = read(scenario, "answers.json") as {
    readonly observations: { readonly [name: string]: { readonly allocations: Recorded[] } };
  };
  const last = Object.values(answers.observations).at(-1)?.allocations[0];
  if (!last) throw new Error("no allocation was recorded");
  return last;
}

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
  // What `sleep` does with the signal.
  b.engine.exitOnStop = { code: 130, signal: 2, oomKilled: false, message: "" };
});
afterEach(() => b.dispose());

const storyOf = (states: Recorded["TaskStates"]): unknown =>
  Object.fromEntries(
    Object.entries(states).map(([name, { State, Failed, Restarts, Events }]) => [
      name,
      {
        State,
        Failed,
        Restarts,
        Events: Events.map(({ Type, Details }) => ({
          Type,
          Details: "start_delay" in Details ? { ...Details, start_delay: "*" } : Details,
        })),
      },
    ]),
  );

async function play(
  scenario: string,
  exits: readonly (readonly [string, number])[],
): Promise<void> {
  const agent = await b.start();
  b.source.put(wantedBy(agent, jobOf(scenario)));
  for (const [attempt, code] of exits) {
    await b.until(attempt, () => b.engine.running().includes(attempt));
    b.engine.exit(attempt.split("#")[0] ?? "", { code });
  }
  const expected = recorded(scenario);
  await b.statusIs(expected.ClientStatus);
  await b.until("everything is dead", () =>
    Object.values(b.source.last(testAllocationId)?.taskStates ?? {}).every(
      (state) => state.State === "dead",
    ),
  );
  const report = b.source.last(testAllocationId);
  expect(report?.clientDescription).toBe(expected.ClientDescription);
  expect(storyOf(report?.taskStates ?? {})).toEqual(storyOf(expected.TaskStates));
}

test("prestart, sidecar, main, poststart and poststop run in their order", async () => {
  await play("lifecycle-hooks", [
    ["pack#0", 0],
    ["wave#0", 0],
    ["sail#0", 0],
    ["moor#0", 0],
  ]);
  const starts = b.engine.calls.filter((call) => call.startsWith("start"));
  expect([...starts.slice(0, 2).sort(), ...starts.slice(2)]).toEqual([
    "start pack#0",
    "start radio#0",
    "start sail#0",
    "start wave#0",
    "start moor#0",
  ]);
});

test("when the leader ends, the others are stopped and the allocation is complete", () =>
  play("leader-task", [["lead#0", 0]]));

test("when a task fails, its siblings are stopped and the allocation has failed", () =>
  play("sibling-fails", [["sour#0", 9]]));

test("a crash loop ends after its restarts", () =>
  play("crash-loop-fail", [
    ["main#0", 1],
    ["main#1", 1],
    ["main#2", 1],
  ]));
