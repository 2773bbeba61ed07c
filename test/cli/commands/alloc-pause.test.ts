import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = "00000002-aaaa-bbbb-cccc-000000000002";
const job = (...tasks: string[]): object => ({
  TaskGroups: [{ Name: "g", Tasks: tasks.map((Name) => ({ Name })) }],
});
const routes = (...tasks: string[]): Routes => ({
  "GET /v1/allocations": { body: [{ ID: id, Namespace: "team" }] },
  [`GET /v1/allocation/${id}`]: {
    body: { ID: id, Namespace: "team", TaskGroup: "g", Job: job(...tasks) },
  },
  [`PUT /v1/client/allocation/${id}/pause`]: { body: { Index: 0 } },
  [`GET /v1/client/allocation/${id}/pause`]: { body: { ScheduleState: "pause" } },
});
const run = (argv: readonly string[], tasks = ["web"]): ReturnType<typeof runAgainst> =>
  runAgainst(routes(...tasks), ["alloc", "pause", ...argv]);

test("holds the only task, or the one that is named, and lets it go again, without a word", async () => {
  const held = await run(["-state=pause", id]);
  expect([held.code, held.out, held.err]).toEqual([0, "", ""]);
  expect(held.requests.at(-1)?.body).toEqual({ Task: "web", ScheduleState: "pause" });
  expect(held.requests.at(-1)?.query.get("namespace")).toBe("team");
  const freed = await run(["-state=run", "-task", "side", id], ["web", "side"]);
  expect(freed.requests.at(-1)?.body).toEqual({ Task: "side", ScheduleState: "run" });
});

test("prints the state when asked", async () => {
  const { code, out, requests } = await run(["-status", id, "side"], ["web", "side"]);
  expect([code, out]).toEqual([0, "pause\n"]);
  expect(requests.at(-1)?.query.get("task")).toBe("side");
});

test("refuses what it cannot understand before it asks anybody", async () => {
  const wrong = await run(["-state=halt", id]);
  expect([wrong.code, wrong.requests]).toEqual([1, []]);
  expect(wrong.err).toContain('Invalid state "halt": it must be pause, run or scheduled');
  expect((await run([id])).err).toContain("This command needs either -state or -status");
  expect((await run(["-status", "-state=run", id])).code).toBe(1);
  expect((await run(["-state=run"])).err).toContain("one or two arguments");
});

test("of several tasks one has to be named", async () => {
  const { code, err } = await run(["-state=pause", id], ["web", "side"]);
  expect(code).toBe(1);
  expect(err).toContain("Please specify the task.");
});
