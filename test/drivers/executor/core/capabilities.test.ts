import { expect, test } from "vitest";
import {
  capabilityFaults,
  standardCapabilities,
  taskCapabilities,
} from "../../../../src/drivers/executor/core/capabilities.ts";

const wishes = (change: {
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
  readonly allowed?: readonly string[];
}) => ({ add: [], drop: [], allowed: standardCapabilities, ...change });

test("without a wish a task may come to have the standard list, and has only low ports", () => {
  expect(taskCapabilities(wishes({}))).toEqual({
    bounding: standardCapabilities,
    ambient: ["net_bind_service"],
  });
  expect(standardCapabilities).not.toContain("net_raw");
});

test.each([
  ["drops one", { drop: ["CAP_KILL"] }, standardCapabilities.filter((name) => name !== "kill")],
  ["drops all", { drop: ["all"] }, []],
  ["drops all and adds one", { drop: ["ALL"], add: ["CAP_Chown"] }, ["chown"]],
  ["drops what it adds", { drop: ["all", "chown"], add: ["chown", "kill"] }, ["kill"]],
  ["is allowed less", { allowed: ["chown"] }, ["chown"]],
  [
    "adds all of what is allowed",
    { drop: ["all"], add: ["all"], allowed: ["sys_time"] },
    ["sys_time"],
  ],
  ["adds what is not allowed", { drop: ["all"], add: ["sys_time"] }, []],
])("a task that %s", (_what, change, bounding) => {
  expect(taskCapabilities(wishes(change)).bounding).toEqual([...bounding]);
});

test("what is asked for is there from the start", () => {
  expect(taskCapabilities(wishes({ add: ["kill"] })).ambient).toEqual(["kill", "net_bind_service"]);
  expect(taskCapabilities(wishes({ drop: ["net_bind_service"] })).ambient).toEqual([]);
});

test("unknown names and those that are not allowed are faults", () => {
  expect(capabilityFaults(wishes({ add: ["net_raw", "sys_time", "moon"], drop: ["sun"] }))).toEqual(
    [
      'unknown capability "moon"',
      'unknown capability "sun"',
      "driver does not allow the following capabilities: net_raw, sys_time",
    ],
  );
  expect(capabilityFaults(wishes({ add: ["sys_admin"], allowed: ["all"] }))).toEqual([]);
});
