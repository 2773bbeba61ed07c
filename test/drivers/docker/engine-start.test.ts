import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDockerDriver, defaultDockerConfig } from "../../../src/drivers/docker.ts";
import type { TaskDriver } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";

/** An engine that knows one container and one bridge. */
let folder: string;
let server: Server;
let bridge: string | undefined;
let state: { readonly [field: string]: unknown };
let driver: TaskDriver;

const exited = {
  Running: false,
  Paused: false,
  Restarting: false,
  OOMKilled: false,
  Error: "",
  ExitCode: 137,
  StartedAt: "2026-03-01T10:00:00.5Z",
  FinishedAt: "2026-03-01T10:10:00.123456789Z",
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-start-"));
  state = exited;
  server = createServer((request, answer) => {
    const isContainer = request.url?.startsWith("/containers/") ?? false;
    const labels = { "io.nomad-ts.allocation": "a", "io.nomad-ts.task": "t" };
    const body = isContainer
      ? { Id: "c", Config: { Labels: labels }, State: state }
      : bridge && { Name: "bridge", Created: bridge };
    answer.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    answer.end(JSON.stringify(body ?? { message: "no such network" }));
  });
  const path = join(folder, "docker.sock");
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  const config = { ...defaultDockerConfig, endpoint: `unix://${path}`, callTimeoutMs: 2_000 };
  driver = createDockerDriver({ clock: createSystemClock(), log: silentLogger, config });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const signal = AbortSignal.timeout(30_000);
const endedByEngine = async (): Promise<boolean> =>
  (await driver.inspect("c", signal))?.exit?.endedByEngine ?? false;

test.each([
  ["2026-03-01 10:10:01.5 +0000 UTC", true],
  ["2026-03-01T10:10:01.5Z", true],
  ["2026-03-01T12:10:01.5+02:00", true],
  ["2026-03-01 10:05:00 +0000 UTC", false],
  ["2026-03-01 09:00:00 +0000 UTC", false],
  ["some day", false],
  [undefined, false],
])("with a bridge of %s the engine has ended the container: %s", async (made, expected) => {
  bridge = made;
  expect(await endedByEngine()).toBe(expected);
});

test("a container that had no memory left has ended by itself", async () => {
  bridge = "2026-03-01 10:10:01.5 +0000 UTC";
  state = { ...exited, OOMKilled: true };
  expect(await endedByEngine()).toBe(false);
});

test("an exit that an engine tells on its way down is unknown until the next engine has come", async () => {
  bridge = "2026-03-01 09:00:00 +0000 UTC";
  state = { ...exited, Running: true };
  expect(await driver.inspect("c", signal)).toMatchObject({ state: "running" });
  state = exited;
  // It takes no new connection any more, the old one lives.
  server.close();
  await expect(driver.inspect("c", signal)).rejects.toMatchObject({ code: "driver-unreachable" });
});
