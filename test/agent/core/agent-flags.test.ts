import { expect, test } from "vitest";
import { flagsToConfig } from "../../../src/agent/core/agent-flags.ts";
import { parseDuration } from "../../../src/lib/duration.ts";

test("each flag sets its key, repeatable ones collect", () => {
  const result = flagsToConfig(
    {
      server: true,
      "bootstrap-expect": "3",
      dc: "east",
      servers: "a:1,b:2",
      "retry-join": ["x", "y"],
      "retry-interval": "5s",
      meta: ["rack=r1", "disk=ssd=fast"],
    },
    parseDuration,
  );
  expect(result).toEqual({
    ok: true,
    values: {
      server: {
        enabled: true,
        bootstrap_expect: 3,
        server_join: { retry_join: ["x", "y"], retry_interval: 5e9 },
      },
      datacenter: "east",
      client: { servers: ["a:1", "b:2"], meta: { rack: "r1", disk: "ssd=fast" } },
    },
  });
});

test.each([
  ["bootstrap-expect", "three"],
  ["retry-interval", "soon"],
  ["meta", "novalue"],
])("a bad value of -%s is refused by name", (flag, value) => {
  expect(flagsToConfig({ [flag]: value }, parseDuration)).toEqual({
    ok: false,
    error: `invalid value ${JSON.stringify(value)} for flag -${flag}`,
  });
});

test("flags that set no key are left to the caller", () => {
  expect(flagsToConfig({ dev: true, config: ["x"] }, parseDuration)).toEqual({
    ok: true,
    values: {},
  });
});
