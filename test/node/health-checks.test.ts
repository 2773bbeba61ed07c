import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../src/lib/logger.ts";
import { HealthChecks } from "../../src/node/health-checks.ts";
import type { CheckPlan, CheckState } from "../../src/model/check.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { until } from "../support/until.ts";

let answer = { code: 200, body: "fine" };
let port = 0;
const server = createServer((_request, response) => {
  response.statusCode = answer.code;
  response.end(answer.body);
});
const clock = new FakeClock();
let checks: HealthChecks;
const changed: string[] = [];

beforeEach(async () => {
  changed.length = 0;
  answer = { code: 200, body: "fine" };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  port = (server.address() as AddressInfo).port;
  checks = new HealthChecks({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    changed: (id) => changed.push(id),
  });
});
afterEach(async () => {
  await checks.stop();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
});

const plan = (overrides: Partial<CheckPlan> = {}): CheckPlan => ({
  id: "c1",
  name: "alive",
  service: "web",
  task: "",
  group: "g",
  mode: "healthiness",
  type: "http",
  target: { host: "127.0.0.1", port },
  protocol: "http",
  path: "/",
  method: "GET",
  headers: {},
  body: "",
  skipsTlsVerify: false,
  intervalMs: 1_000,
  timeoutMs: 2_000,
  restart: undefined,
  ...overrides,
});
const state = (): CheckState["result"] | undefined => checks.states("a")[0]?.result;
const statusIs = (status: string): Promise<unknown> =>
  until(status, async () => {
    await clock.advance(1_000);
    return state()?.status === status;
  });

test("a check waits to run, succeeds, and fails with the body when the answer turns bad", async () => {
  checks.sync("a", [plan()]);
  expect(state()).toMatchObject({ status: "pending", output: "nomad: waiting to run" });
  await statusIs("success");
  expect(state()).toMatchObject({ statusCode: 200, output: "nomad: http ok" });
  answer = { code: 404, body: "x".repeat(5_000) };
  await statusIs("failure");
  expect(state()).toMatchObject({ statusCode: 404, output: "x".repeat(3 * 1024) });
  expect(changed).toEqual(["a", "a"]);
});

test("a tcp check needs only a listener; nobody there is a failure", async () => {
  checks.sync("a", [plan({ type: "tcp" })]);
  await statusIs("success");
  expect(state()?.output).toBe("nomad: tcp ok");
  checks.sync("a", [plan({ id: "c2", type: "tcp", target: { host: "127.0.0.1", port: 1 } })]);
  await statusIs("failure");
  expect(checks.states("a")).toHaveLength(1);
});

test("a check without a port fails and says why; checks that are not wanted any more end", async () => {
  checks.sync("a", [plan({ target: undefined })]);
  await statusIs("failure");
  expect(state()?.output).toBe("nomad: the check has no port");
  checks.sync("a", []);
  expect(checks.states("a")).toEqual([]);
});
