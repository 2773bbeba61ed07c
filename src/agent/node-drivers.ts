import { join } from "node:path";
import { createDockerDriver } from "../drivers/docker.ts";
import { createExecDriver, execPluginFaults } from "../drivers/exec.ts";
import { createJavaDriver, javaPluginFaults } from "../drivers/java.ts";
import { createMockDriver } from "../drivers/mock-driver.ts";
import type { TaskDriver } from "../drivers/port.ts";
import { createRawExecDriver, rawExecPluginFaults } from "../drivers/raw-exec.ts";
import { guardUsers } from "../drivers/user-guard.ts";
import type { Clock } from "../lib/clock.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { DataFolders } from "./data-folders.ts";
import { dockerSettings, inBlocks } from "./docker-settings.ts";
import type { Settings } from "./settings.ts";

export interface NodeDriverParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: Settings;
  readonly isDev: boolean;
  readonly folders: Pick<DataFolders, "identity" | "client">;
  readonly failpoint?: Failpoint;
}

/** The drivers of this node: those that its lists allow, with what the operator wrote for each. */
export function nodeDrivers(parts: NodeDriverParts): readonly TaskDriver[] {
  const { clock, log, settings, isDev, folders, failpoint } = parts;
  const client = settings.map("client.options");
  const stateDir = (name: string): string => join(isDev ? folders.identity : folders.client, name);
  const chroot = settings.map("client.chroot_env");
  const isolated = Object.keys(chroot).length === 0 ? {} : { chrootEnv: chroot };
  const all = [
    createDockerDriver({
      clock,
      log,
      config: dockerSettings(settings, isDev).config,
      ...(failpoint && { failpoint }),
    }),
    createRawExecDriver({
      clock,
      log,
      enabled: client["driver.raw_exec.enable"] === "true",
      config: pluginConfig(settings, "raw_exec"),
      stateDir: stateDir("raw_exec"),
    }),
    createExecDriver({
      clock,
      log,
      ...isolated,
      config: pluginConfig(settings, "exec"),
      stateDir: stateDir("exec"),
    }),
    createJavaDriver({
      clock,
      log,
      ...isolated,
      config: pluginConfig(settings, "java"),
      stateDir: stateDir("java"),
      searchPath: process.env["PATH"] ?? "",
    }),
    createMockDriver({
      clock,
      log,
      enabled: isDev || pluginConfig(settings, "mock_driver")["enabled"] === true,
      stateDir: stateDir("mock_driver"),
    }),
  ];
  const rules = {
    denied: names(client["user.denylist"] ?? client["user.blacklist"] ?? "root,Administrator"),
    checkedDrivers: names(client["user.checked_drivers"] ?? "exec,qemu,java"),
  };
  return all
    .filter((driver) => isAllowed(client, driver.name))
    .map((driver) => guardUsers(driver, rules));
}

/** What is wrong in the plugin blocks of the drivers here, each with the plugin's name. */
export function pluginFaults(settings: Settings): readonly string[] {
  return [
    ...rawExecPluginFaults(pluginConfig(settings, "raw_exec")),
    ...execPluginFaults(pluginConfig(settings, "exec")),
    ...javaPluginFaults(pluginConfig(settings, "java")),
  ];
}

function pluginConfig(settings: Settings, name: string): JsonObject {
  const written = inBlocks(settings.block("plugin", name), "config");
  return isObject(written) ? written : {};
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isAllowed(options: { readonly [key: string]: string }, name: string): boolean {
  const allow = names(options["driver.allowlist"] ?? options["driver.whitelist"]);
  const deny = names(options["driver.denylist"] ?? options["driver.blacklist"]);
  return (allow.length === 0 || allow.includes(name)) && !deny.includes(name);
}

const names = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
