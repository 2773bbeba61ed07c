import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import type { Random } from "../lib/random.ts";
import type { RootLogger } from "../lib/system/logger.ts";
import { resolveAddresses, type ResolvedAddresses, type Interface } from "./core/addresses.ts";
import { type ClientSettings, clientSettings } from "./client-settings.ts";
import { checkSettings } from "./core/check-settings.ts";
import { type DataFolders, dataFolders, prepareFolders, prepareHome } from "./data-folders.ts";
import { dockerSettings } from "./docker-settings.ts";
import { pluginFaults } from "./node-drivers.ts";
import { lockHome } from "./home-lock.ts";
import { idFromFile } from "./identity.ts";
import type { Settings } from "./settings.ts";

export interface AgentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RootLogger;
  readonly settings: Settings;
  readonly files: readonly string[];
  readonly isDev: boolean;
  readonly version: string;
  /** Aborted when the agent is told to stop before it has started. */
  readonly interrupted: AbortSignal;
  /** Storage failed or hangs: give the message out and end the process at once. */
  readonly onFatal: (error: Error) => void;
}
/** What is known before anything starts: for the banner, and to refuse a bad configuration early. */
export interface AgentPlan {
  readonly isServer: boolean;
  readonly isClient: boolean;
  readonly addresses: ResolvedAddresses;
  readonly ports: { readonly http: number; readonly rpc: number; readonly serf: number };
  readonly folders: DataFolders;
  readonly client: ClientSettings;
  readonly warnings: readonly string[];
}
export type PlanResult =
  | { readonly ok: true; readonly plan: AgentPlan }
  | { readonly ok: false; readonly errors: readonly string[] };

export function planAgent(settings: Settings, isDev: boolean): PlanResult {
  const three = (block: string) => ({
    http: settings.text(`${block}.http`),
    rpc: settings.text(`${block}.rpc`),
    serf: settings.text(`${block}.serf`),
  });
  const ports = {
    http: settings.number("ports.http"),
    rpc: settings.number("ports.rpc"),
    serf: settings.number("ports.serf"),
  };
  const resolved = resolveAddresses(
    {
      bindAddr: settings.text("bind_addr"),
      addresses: three("addresses"),
      advertise: three("advertise"),
      ports,
    },
    interfaces(),
  );
  if (!resolved.ok) return { ok: false, errors: [resolved.error] };
  const isServer = settings.flag("server.enabled");
  const isClient = settings.flag("client.enabled");
  const verdict = checkSettings({
    isDev,
    serverEnabled: isServer,
    clientEnabled: isClient,
    bootstrapExpect: settings.number("server.bootstrap_expect"),
    dataDir: settings.text("data_dir"),
    region: settings.text("region"),
    datacenter: settings.text("datacenter"),
    name: settings.text("name"),
    nodePool: settings.text("client.node_pool"),
    logLevel: settings.text("log_level"),
    raftProtocol: settings.number("server.raft_protocol"),
    minDynamicPort: settings.number("client.min_dynamic_port"),
    maxDynamicPort: settings.number("client.max_dynamic_port"),
    metaKeys: Object.keys(settings.map("client.meta")),
    advertiseIsLoopback: resolved.addresses.advertiseIsLoopback,
    tlsEnabled: settings.flag("tls.http") && settings.flag("tls.rpc"),
  });
  const docker = dockerSettings(settings, isDev);
  const client = clientSettings(settings, isDev);
  const errors = [...verdict.errors, ...docker.errors, ...pluginFaults(settings), ...client.errors];
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    plan: {
      isServer,
      isClient,
      addresses: resolved.addresses,
      ports,
      folders: dataFolders(settings, isDev),
      client,
      warnings: [...verdict.warnings, ...docker.warnings, ...client.warnings],
    },
  };
}

/** The server's id, known before the start because the banner shows it. */
export function prepareAgent(
  plan: AgentPlan,
  options: { readonly random: Random; readonly isDev: boolean },
) {
  const { folders } = plan;
  const lock = prepareLocked(folders, options.isDev);
  const serverId = idFromFile(
    join(options.isDev ? folders.identity : folders.server, "node-id"),
    options.random,
  );
  return { lock, serverId };
}

function prepareLocked(folders: DataFolders, isDev: boolean): { release(): void } {
  // The folder must exist to be locked, and be locked before a dev agent clears it.
  prepareHome(folders);
  const lock = lockHome(folders.home);
  prepareFolders(folders, isDev);
  return lock;
}

function interfaces(): readonly Interface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, entries]) =>
    (entries ?? []).map((entry) => ({
      name,
      address: entry.address,
      family: entry.family,
      isInternal: entry.internal,
    })),
  );
}
