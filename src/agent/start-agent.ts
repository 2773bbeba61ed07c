import type { RequestListener } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createApiServer } from "../api/server.ts";
import { askSecondOpinion } from "../jobspec/second-opinion.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Random } from "../lib/random.ts";
import { linearSearch } from "../lib/system/regexp.ts";
import type { RootLogger } from "../lib/system/logger.ts";
import { type OpenedStore, openStore } from "../store/open-store.ts";
import { startJobFileLoop } from "../reconciler/job-file-loop.ts";
import { apiContext } from "./api-context.ts";
import { resolveAddresses, type ResolvedAddresses, type Interface } from "./core/addresses.ts";
import { checkSettings } from "./core/check-settings.ts";
import { type DataFolders, dataFolders, prepareFolders, prepareHome } from "./data-folders.ts";
import { environmentFailpoint } from "./failpoint.ts";
import { lockHome } from "./home-lock.ts";
import { listenHttp } from "./http-listener.ts";
import { idFromFile } from "./identity.ts";
import { loadJobFile } from "./load-job.ts";
import { soleMember } from "./members.ts";
import { startClient } from "./start-client.ts";
import { collectGarbage } from "../reconciler/garbage.ts";
import { Heartbeats } from "../reconciler/heartbeats.ts";
import { startSchedules } from "../reconciler/schedules.ts";
import { startLeaderLoops } from "../reconciler/leader-loops.ts";
import type { Settings } from "./settings.ts";
import { Stoppers } from "./stoppers.ts";

export interface AgentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RootLogger;
  readonly settings: Settings;
  readonly files: readonly string[];
  readonly isDev: boolean;
  readonly version: string;
  /** Storage failed or hangs: give the message out and end the process at once. */
  readonly onFatal: (error: Error) => void;
}
export interface Agent {
  stop(): Promise<void>;
}
/** What is known before anything starts: for the banner, and to refuse a bad configuration early. */
export interface AgentPlan {
  readonly isServer: boolean;
  readonly isClient: boolean;
  readonly addresses: ResolvedAddresses;
  readonly ports: { readonly http: number; readonly rpc: number; readonly serf: number };
  readonly folders: DataFolders;
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
  if (verdict.errors.length > 0) return { ok: false, errors: verdict.errors };
  return {
    ok: true,
    plan: {
      isServer,
      isClient,
      addresses: resolved.addresses,
      ports,
      folders: dataFolders(settings, isDev),
      warnings: verdict.warnings,
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

/** Builds every part once, in order; stops them in reverse, also when a later part fails to start. */
export async function startAgent(
  options: AgentOptions,
  plan: AgentPlan,
  prepared: { readonly lock: { release(): void }; readonly serverId: string },
): Promise<Agent> {
  const stoppers = new Stoppers(options.log);
  stoppers.add("home lock", () => {
    prepared.lock.release();
  });
  try {
    await startParts(options, plan, prepared.serverId, stoppers);
    return { stop: () => stoppers.run() };
  } catch (thrown) {
    await stoppers.run();
    throw thrown;
  }
}

async function startParts(
  options: AgentOptions,
  plan: AgentPlan,
  serverId: string,
  stoppers: Stoppers,
): Promise<void> {
  const { clock, random, log, settings } = options;
  if (!plan.isServer)
    throw new AppError(
      "unsupported",
      "a client-only agent needs the rpc room, which is not built yet: enable the server block too",
    );
  // The port comes first: an agent that cannot have it must not have touched a container before it finds out.
  let handler: RequestListener = notReady;
  const listener = await listenHttp(
    (request, response) => {
      handler(request, response);
    },
    plan.addresses.httpHosts,
    plan.ports.http,
  );
  stoppers.add("http port", () => listener.close());
  const store = await openStore({
    dataDir: plan.folders.server,
    serverId,
    clock,
    random,
    log,
    onFatal: options.onFatal,
    failpoint: environmentFailpoint(),
  });
  stoppers.add("store", () => store.close());
  const heartbeats = new Heartbeats(clock);
  const leader = startLeaderLoops({ clock, random, log, store, heartbeats, search: linearSearch });
  stoppers.add("leader loops", () => leader.stop());
  const client = plan.isClient
    ? await startClient(options, plan, { store, heartbeats, stoppers })
    : undefined;
  const members = soleMember(
    {
      id: serverId,
      name: settings.text("name"),
      region: settings.text("region"),
      datacenter: settings.text("datacenter"),
      version: options.version,
      rpcHost: hostOf(plan.addresses.advertise.rpc),
      rpcPort: plan.ports.rpc,
      serfPort: plan.ports.serf,
      bootstrapExpect: settings.number("server.bootstrap_expect"),
    },
    store.leadership,
  );
  const api = createApiServer(
    apiContext({
      options,
      plan,
      store,
      members,
      client,
      collectGarbage: (force) => collectGarbage({ clock, store }, force),
    }),
  );
  stoppers.add("api", () => {
    api.close();
  });
  handler = api.handler;
  stoppers.add("http listener", () => listener.close());
  const schedules = startSchedules(log.child("schedules"), [
    {
      name: "garbage collection",
      cron: "*/5 * * * *",
      run: () =>
        store.leadership.isLeader() ? collectGarbage({ clock, store }, false) : Promise.resolve(),
    },
  ]);
  stoppers.add("schedules", () => schedules.stop());
  if (settings.flag("jobs.enabled")) startFolder(options, store, stoppers);
}

const notReady: RequestListener = (_request, response) => {
  response.writeHead(503, { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "1" });
  response.end("the agent is starting");
};

function startFolder(options: AgentOptions, store: OpenedStore, stoppers: Stoppers): void {
  const { clock, random, log, settings } = options;
  const folder = startJobFileLoop(clock, random, log, {
    agent: settings.text("name"),
    dir: settings.text("jobs.dir"),
    rescanMs: settings.milliseconds("jobs.rescan"),
    deleteGraceMs: settings.milliseconds("jobs.delete_grace"),
    store,
    loadJob: (text, file) => loadJobFile(text, file, store.read, settings.text("region")),
    secondOpinion: async (text) =>
      (await askSecondOpinion(text, { clock, isAccepted: true }))?.accepts,
  });
  stoppers.add("job folder", () => folder.stop());
}

const hostOf = (address: string): string =>
  address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");

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
