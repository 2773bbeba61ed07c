import { expect, test } from "vitest";
import { dockerSettings, inBlocks } from "../../src/agent/docker-settings.ts";
import { createSettings } from "../../src/agent/settings.ts";
import type { JsonObject } from "../../src/lib/json.ts";

const of = (config: JsonObject, options: JsonObject = {}) =>
  dockerSettings(
    createSettings({ plugin: { docker: { config: [config] } }, client: { options } }),
    false,
  );

test("the plugin's block comes before the older options of the client", () => {
  const { config, errors } = of(
    { endpoint: "unix:///a.sock", allow_caps: ["KILL"] },
    {
      "docker.endpoint": "unix:///b.sock",
      "docker.caps.allowlist": "CHOWN",
      "docker.privileged.enabled": "true",
      "docker.auth.config": "/etc/login.json",
    },
  );
  expect(errors).toEqual([]);
  expect(config).toMatchObject({
    endpoint: "unix:///a.sock",
    allowCaps: ["KILL"],
    allowPrivileged: true,
    authConfig: "/etc/login.json",
  });
  expect(of({}, { "docker.caps.allowlist": "CHOWN, KILL" }).config.allowCaps).toEqual([
    "CHOWN",
    "KILL",
  ]);
});

test("an unknown option refuses the start, one that is not acted on is a warning", () => {
  expect(of({ bogus: 1 }).errors.join()).toContain("bogus");
  expect(of({ gc: [{ image: false }] })).toMatchObject({
    errors: [],
    warnings: ['plugin "docker": these options are not acted on yet: gc'],
  });
});

test("a block that HCL made a list of one counts as itself", () => {
  expect(inBlocks({ a: [{ b: 1 }] }, "a")).toEqual({ b: 1 });
  expect(inBlocks({ a: [{ b: ["x"] }] }, "a", "b")).toEqual(["x"]);
  expect(inBlocks(undefined, "a")).toBeUndefined();
});
