import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = "11111111-aaaa-bbbb-cccc-dddddddddddd";
const broker = (PauseEvalBroker: boolean): Routes => ({
  "GET /v1/operator/scheduler/configuration": { body: { SchedulerConfig: { PauseEvalBroker } } },
  "GET /v1/evaluations": { body: [{ ID: id }, { ID: id }] },
  "DELETE /v1/evaluations": { body: { Count: 2 } },
});
const deletions = (requests: readonly { readonly method: string; readonly body: unknown }[]) =>
  requests.filter((one) => one.method === "DELETE").map((one) => one.body);

test("nothing is deleted while the broker runs", async () => {
  const result = await runAgainst(broker(false), ["eval", "delete", "-yes", id]);
  expect([result.code, result.err]).toEqual([1, "Eval broker is not paused\n"]);
  expect(deletions(result.requests)).toEqual([]);
});

test("all that match are deleted, after a question", async () => {
  const argv = ["eval", "delete", '-filter=Status == "pending"'];
  const done = await runAgainst(broker(true), argv, { stdin: "y\n" });
  expect(deletions(done.requests)).toEqual([{ Filter: 'Status == "pending"' }]);
  expect(done.out).toContain("Successfully deleted 2 evaluations\n");
  const cancelled = await runAgainst(broker(true), argv, { stdin: "n\n" });
  expect([cancelled.code, deletions(cancelled.requests)]).toEqual([0, []]);
});

test("one is deleted by its id", async () => {
  const result = await runAgainst(broker(true), ["eval", "delete", "-yes", id]);
  expect(deletions(result.requests)).toEqual([{ EvalIDs: [id] }]);
});

test("an id and a filter exclude each other", async () => {
  for (const argv of [[], ["-filter=x", id]])
    expect((await runAgainst(broker(true), ["eval", "delete", ...argv])).code).toBe(1);
});
