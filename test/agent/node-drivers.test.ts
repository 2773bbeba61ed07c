import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeDrivers, pluginFaults } from "../../src/agent/node-drivers.ts";
import { createSettings } from "../../src/agent/settings.ts";
import type { TaskDriver } from "../../src/drivers/port.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { makeDriverBench } from "../support/driver-spec.ts";

const signal = new AbortController().signal;
let bench: ReturnType<typeof makeDriverBench>;
beforeEach(() => {
  bench = makeDriverBench();
});
afterEach(() => {
  bench.clean();
});

const drivers = (config: JsonObject, isDev = false): readonly TaskDriver[] =>
  nodeDrivers({
    clock: createSystemClock(),
    log: silentLogger,
    settings: createSettings(config),
    isDev,
    folders: { identity: join(bench.dir, "identity"), client: join(bench.dir, "client") },
  });
const named = (config: JsonObject, name: string, isDev = false): TaskDriver => {
  const found = drivers(config, isDev).find((driver) => driver.name === name);
  if (found === undefined) throw new Error(`no driver ${name}`);
  return found;
};
const names = (options: JsonObject): readonly string[] =>
  drivers({ client: { options } }).map(({ name }) => name);
const detected = async (driver: TaskDriver): Promise<boolean> =>
  (await driver.fingerprint(signal)).detected;

test("the lists of the client say which drivers there are", () => {
  expect(names({})).toEqual(["docker", "raw_exec", "exec", "java", "mock_driver"]);
  expect(names({ "driver.allowlist": "docker, exec" })).toEqual(["docker", "exec"]);
  expect(names({ "driver.denylist": "exec,java" })).toEqual(["docker", "raw_exec", "mock_driver"]);
  expect(names({ "driver.whitelist": "exec,java", "driver.blacklist": "java" })).toEqual(["exec"]);
});

test("mock_driver is there in dev mode or where it is configured", async () => {
  const on = { plugin: { mock_driver: { config: [{ enabled: true }] } } };
  expect(await detected(named({}, "mock_driver"))).toBe(false);
  expect(await detected(named(on, "mock_driver"))).toBe(true);
  expect(await detected(named({}, "mock_driver", true))).toBe(true);
});

test("raw_exec is there where its plugin or the older option says so", async () => {
  const on = { plugin: { raw_exec: { config: [{ enabled: true }] } } };
  expect(await detected(named({}, "raw_exec"))).toBe(false);
  expect(await detected(named(on, "raw_exec"))).toBe(true);
  expect(
    await detected(
      named({ client: { options: { "driver.raw_exec.enable": "true" } } }, "raw_exec"),
    ),
  ).toBe(true);
});

test("tasks as root are refused by exec and java, or by whichever drivers the operator names", async () => {
  const spec = bench.spec({ run_for: "1s" }, { user: "root" });
  const start = (driver: TaskDriver) => driver.start(spec, () => undefined, signal);
  const disallowed = 'running as user "root" is disallowed';
  await expect(start(named({}, "exec"))).rejects.toThrow(disallowed);
  await expect(start(named({}, "java"))).rejects.toThrow(disallowed);
  expect(await start(named({}, "mock_driver", true))).toMatchObject({ state: "running" });
  const options = { "user.checked_drivers": "mock_driver", "user.denylist": "root,daemon" };
  await expect(start(named({ client: { options } }, "mock_driver", true))).rejects.toThrow(
    disallowed,
  );
});

test("a fault in a plugin's block is told before anything starts", () => {
  const block = (name: string, config: JsonObject) =>
    pluginFaults(createSettings({ plugin: { [name]: { config: [config] } } }));
  expect(block("raw_exec", { enbled: true })[0]).toContain("enbled");
  expect(block("exec", { denied_host_uids: "x" })[0]).toContain("denied_host_uids");
  expect(block("java", { allow_caps: ["moon"] })[0]).toContain("moon");
  expect(block("exec", { denied_host_uids: "0-99", no_pivot_root: true })).toEqual([]);
});
