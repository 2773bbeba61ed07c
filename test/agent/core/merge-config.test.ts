import { expect, test } from "vitest";
import { mergeConfig } from "../../../src/agent/core/merge-config.ts";
import { agentConfigSchema } from "../../../src/agent/schema/agent-keys.ts";

const merge = (
  before: Parameters<typeof mergeConfig>[0],
  after: Parameters<typeof mergeConfig>[1],
) => mergeConfig(before, after, agentConfigSchema);

test("later non-zero scalars win, zero ones do not", () => {
  expect(merge({ region: "eu", datacenter: "a" }, { region: "us", datacenter: "" })).toEqual({
    region: "us",
    datacenter: "a",
  });
});

test("a plain bool can only turn on, a tri-state one can be undone", () => {
  expect(
    merge(
      { log_json: true, disable_update_check: true },
      { log_json: false, disable_update_check: false },
    ),
  ).toEqual({
    log_json: true,
    disable_update_check: false,
  });
});

test("maps merge by key, appended lists grow, other lists are replaced", () => {
  expect(
    merge(
      { client: { meta: { a: "1" }, servers: ["x"] }, telemetry: { datadog_tags: ["a"] } },
      { client: { meta: { b: "2" }, servers: ["y"] }, telemetry: { datadog_tags: ["b"] } },
    ),
  ).toEqual({
    client: { meta: { a: "1", b: "2" }, servers: ["x", "y"] },
    telemetry: { datadog_tags: ["b"] },
  });
});

test("plugins merge by name, and a later config replaces the earlier whole", () => {
  expect(
    merge(
      { plugin: { docker: { config: { a: 1 } }, exec: { config: {} } } },
      { plugin: { docker: { config: { b: 2 } } } },
    ),
  ).toEqual({ plugin: { docker: { config: { b: 2 } }, exec: { config: {} } } });
});
