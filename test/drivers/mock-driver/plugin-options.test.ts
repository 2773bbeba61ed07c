import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createMockDriver, mockPluginFaults } from "../../../src/drivers/mock-driver.ts";
import type { TaskDriver } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const stateDir = mkdtempSync(join(tmpdir(), "mock-plugin-"));
afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});
const clock = new FakeClock();
const open = (config: JsonMap, enabled = false): TaskDriver =>
  createMockDriver({ clock, log: silentLogger, enabled, config, stateDir });
const signal = new AbortController().signal;

test("tasks are told the paths of the isolation that is pretended", () => {
  expect(open({}).isolation).toBe("none");
  expect(open({ fs_isolation: "chroot" }).isolation).toBe("chroot");
  expect(open({ fs_isolation: "image" }).isolation).toBe("image");
});

test("the driver goes away for good after the time that it is given", async () => {
  const driver = open({
    enabled: true,
    shutdown_periodic_after: true,
    shutdown_periodic_duration: 20,
  });
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: true, healthy: true });
  await clock.advance(20_000);
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: false, healthy: false });
  const lasting = open({ enabled: true, shutdown_periodic_duration: 20 });
  await clock.advance(60_000);
  expect(await lasting.fingerprint(signal)).toMatchObject({ detected: true });
});

test("what no plugin of this name has is named", () => {
  expect(mockPluginFaults({ enabled: true })).toEqual([]);
  expect(mockPluginFaults({ fs_isolaton: "none", fs_isolation: "unveil" })).toHaveLength(2);
});
