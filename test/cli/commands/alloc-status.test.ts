import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

const id = "00000002-aaaa-bbbb-cccc-000000000002";
/** The fake clock of the command stands here. */
const now = 1_700_000_000e9;
async function shown(state: object): Promise<string> {
  const task = { Name: "web" };
  const { out } = await runAgainst(
    {
      "GET /v1/allocations": { body: [{ ID: id, Namespace: "default" }] },
      [`GET /v1/allocation/${id}`]: {
        body: {
          ID: id,
          Namespace: "default",
          TaskGroup: "g",
          Job: { TaskGroups: [{ Name: "g", Tasks: [task] }] },
          AllocatedResources: { Tasks: {}, Shared: { DiskMB: 300 } },
          TaskStates: { web: { State: "pending", Restarts: 1, ...state } },
        },
      },
      [`GET /v1/client/allocation/${id}/stats`]: { body: {} },
    },
    ["alloc", "status", id],
  );
  return out;
}
const event = (Type: string, Details = {}): object => ({ Type, Time: now - 1e9, Details });
const restarting = event("Restarting", { start_delay: "16000000000" });

test("a task between two attempts says when the next one is due", async () => {
  expect(await shown({ Events: [restarting] })).toContain(
    "Next Restart   = 2023-11-14T22:13:35Z (15s from now)",
  );
  expect(await shown({ Events: [restarting, event("Alloc Unhealthy")] })).toContain("Next Restart");
});

test("nothing is due once it has begun, when the time is over, or when it runs", async () => {
  const late = event("Restarting", { start_delay: "0" });
  for (const state of [
    { Events: [restarting, event("Driver")] },
    { Events: [late] },
    { Events: [restarting], State: "running" },
    { Events: null },
  ])
    expect(await shown(state)).not.toContain("Next Restart");
});

test("a task that is held says so instead", async () => {
  const out = await shown({ Events: [restarting, event("Pausing")], Paused: "force_pause" });
  expect(out).toContain("Paused         = true");
  expect(out).not.toContain("Next Restart");
});
