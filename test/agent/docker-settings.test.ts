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
  expect(of({ oom_score_adj: 5 })).toMatchObject({
    errors: [],
    warnings: ['plugin "docker": these options are not acted on yet: oom_score_adj'],
  });
});

test("a block that HCL made a list of one counts as itself", () => {
  expect(inBlocks({ a: [{ b: 1 }] }, "a")).toEqual({ b: 1 });
  expect(inBlocks({ a: [{ b: ["x"] }] }, "a", "b")).toEqual(["x"]);
  expect(inBlocks(undefined, "a")).toBeUndefined();
});

test("older words for clearing up count where the plugin's block says nothing else", () => {
  const older = {
    "docker.cleanup.image.delay": "10m",
    "docker.cleanup.container": "false",
  };
  expect(of({}, older).config).toMatchObject({
    imageKeptUnusedMs: 600_000,
    removesContainers: false,
  });
  const own = { gc: [{ image_delay: "1m" }] };
  expect(of(own, older).config).toMatchObject({ imageKeptUnusedMs: 60_000 });
  expect(of({}, { "docker.cleanup.image": "false" }).config.imageKeptUnusedMs).toBeUndefined();
  expect(of({}).config).toMatchObject({ imageKeptUnusedMs: 180_000, removesContainers: true });
});
