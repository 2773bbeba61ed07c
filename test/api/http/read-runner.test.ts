import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jobId } from "../../../src/model/ids.ts";
import { until } from "../../support/until.ts";
import { buildAllocation, buildContext, buildJob, uuid } from "../support/build.ts";
import type { TestContext } from "../support/build.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let context: TestContext;
let api: Served;
beforeEach(async () => {
  context = buildContext({
    jobs: [buildJob("web"), buildJob("other")],
    allocations: [buildAllocation(1)],
  });
  api = await serve(context);
});
afterEach(async () => {
  await api.close();
});

interface Waiting {
  readonly answer: Promise<Response>;
  done: boolean;
}
/** Asks and comes back once the query sleeps. */
async function ask(path: string): Promise<Waiting> {
  const before = context.clock.pendingTimers();
  const waiting: Waiting = { answer: api.get(path), done: false };
  waiting.answer
    .catch(() => undefined)
    .finally(() => {
      waiting.done = true;
    });
  await until("the query sleeps", () => context.clock.pendingTimers() > before);
  return waiting;
}

describe("a blocking query", () => {
  test("of a job answers when that job changes, and not when another one does", async () => {
    const waiting = await ask("/v1/job/web?index=25");
    context.store.changed("jobs", "default/other");
    context.store.tables.jobs[0] = buildJob("web", { ModifyIndex: 30 });
    expect(waiting.done).toBe(false);
    context.store.changed("jobs", "default/web");
    const response = await waiting.answer;
    expect(response.headers.get("x-nomad-index")).toBe("30");
    expect(context.clock.pendingTimers()).toBe(0);
  });

  test("that wakes without a newer index sleeps on", async () => {
    const waiting = await ask("/v1/job/web?index=25");
    context.store.changed("jobs", "default/web");
    await until("it sleeps again", () => context.clock.pendingTimers() === 1);
    expect(waiting.done).toBe(false);
  });

  test("answers 200 with the unchanged body when its time is up, at most a sixteenth later", async () => {
    const waiting = await ask("/v1/job/web?index=99&wait=16s");
    await context.clock.advance(15_999);
    expect(context.clock.pendingTimers()).toBe(1);
    await context.clock.advance(1001);
    const response = await waiting.answer;
    expect([response.status, response.headers.get("x-nomad-index")]).toEqual([200, "25"]);
    expect(await response.json()).toMatchObject({ ID: "web" });
  });

  test("waits five minutes when it does not say, and never longer", async () => {
    const waiting = [await ask("/v1/job/web?index=25"), await ask("/v1/job/web?index=25&wait=20m")];
    await context.clock.advance(299_999);
    expect(context.clock.pendingTimers()).toBe(2);
    await context.clock.advance(300_000 / 16 + 1);
    for (const one of waiting) expect((await one.answer).status).toBe(200);
  });

  test("of a job to come waits for its registration", async () => {
    const waiting = await ask("/v1/job/new?index=10");
    context.store.tables.jobs.push(buildJob("new", { ModifyIndex: 40 }));
    context.store.changed("jobs", "default/new");
    expect(await (await waiting.answer).json()).toMatchObject({ ID: "new" });
  });

  test("of an unknown job and an old index is a 404 at once", async () => {
    expect((await api.get("/v1/job/new?index=1")).status).toBe(404);
  });

  test("of a list wakes at any change of its table", async () => {
    const waiting = await ask("/v1/jobs?index=10");
    context.store.changed("job_summaries", "default/other");
    expect((await waiting.answer).headers.get("x-nomad-index")).toBe("101");
  });

  test("of a node's allocations has an index of its own, 1 when there are none", async () => {
    const none = await api.get(`/v1/node/${uuid(5)}/allocations`);
    expect(none.headers.get("x-nomad-index")).toBe("1");
    const waiting = await ask(`/v1/node/${uuid(800)}/allocations?index=41`);
    context.store.tables.allocations.push(buildAllocation(9, { JobID: jobId("web") }));
    context.store.changed("allocations", uuid(9));
    expect((await waiting.answer).headers.get("x-nomad-index")).toBe("49");
  });

  test("ends when the server stops", async () => {
    const waiting = await ask("/v1/job/web?index=25");
    void api.close();
    await waiting.answer.catch(() => undefined);
    await until("the timer is cancelled", () => context.clock.pendingTimers() === 0);
  });

  test("ends when its client goes away", async () => {
    const controller = new AbortController();
    const gone = api.get("/v1/job/web?index=25", { signal: controller.signal }).catch(() => "gone");
    await until("the query sleeps", () => context.clock.pendingTimers() === 1);
    controller.abort();
    expect(await gone).toBe("gone");
    await until("the timer is cancelled", () => context.clock.pendingTimers() === 0);
  });

  test.each([
    ["/v1/jobs?index=1&wait=soon", 400, "Invalid wait time"],
    ["/v1/jobs?index=x", 400, "Invalid index"],
    ["/v1/jobs?per_page=few", 400, "Expect a number for `per_page` query string parameter"],
    [
      "/v1/jobs?stale=perhaps",
      400,
      'Failed to parse value of "stale" (perhaps) as a bool: strconv.ParseBool: parsing "perhaps": invalid syntax',
    ],
    [
      "/v1/allocations?prefix=zz",
      500,
      "alloc lookup failed: index error: Invalid UUID: encoding/hex: invalid byte: U+007A 'z'",
    ],
  ])("%s is refused", async (path, status, text) => {
    const response = await api.get(path);
    expect([response.status, await response.text()]).toEqual([status, text]);
  });
});
