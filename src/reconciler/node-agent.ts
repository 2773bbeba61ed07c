import type { ExecRequest, TaskDriver, TaskOwner } from "../drivers/port.ts";
import type { TaskUsage } from "../model/task-usage.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import { withDriverFailpoints } from "../drivers/failpoints.ts";
import type { Json } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import type { AllocationId, NodeId } from "../model/ids.ts";
import type { StringMap } from "../model/job.ts";
import type { Node } from "../model/node.ts";
import { AllocationDirectories } from "../node/alloc-directory.ts";
import { defaultArtifactSettings, type ArtifactSettings } from "../node/artifacts.ts";
import type { LiveTemplateSources } from "../node/templates.ts";
import { createAllocationFiles } from "../node/files.ts";
import type { AllocationFiles } from "../node/files.ts";
import { readMachine } from "../node/fingerprint.ts";
import type { MachineFacts, NodeConfig } from "../node/fingerprint.ts";
import { HealthChecks } from "../node/health-checks.ts";
import type { CheckState } from "../model/check.ts";
import { createHostStats, diskUsage } from "../node/host-stats.ts";
import type { HostStats } from "../node/host-stats.ts";
import { type DevicePlugin, NodeDevices } from "../node/devices.ts";
import { loadIdentity } from "../node/identity.ts";
import { LogCollector } from "../node/log-collector.ts";
import type { SecretsMounts } from "../node/secrets-mount.ts";
import type { TemplateThread } from "../node/template-work.ts";
import { openNodeDb, withNodeDbFailpoints } from "../node/node-db.ts";
import type { NodeDb } from "../node/node-db.ts";
import { AllocationLoop } from "./allocation-loop.ts";
import {
  execInTask,
  isTaskPaused,
  pauseTask,
  restartTasks,
  signalTasks,
  usageOf,
} from "./allocations/commands.ts";
import type { AllocationEntry } from "./allocations/entry.ts";
import { destroyEverything } from "./allocations/destroy-everything.ts";
import { startImageSweep } from "./allocations/image-sweep.ts";
import { startSurvey } from "./allocations/observe.ts";
import { TemplateFollowers } from "./allocations/task-templates.ts";
import type { StartupSurvey } from "./allocations/observe.ts";
import { decodeStored } from "./allocations/stored-record.ts";
import type { StoredAllocation } from "./allocations/stored-record.ts";
import { type CollectionSettings, startCollection } from "./allocations/collection.ts";
import { watchServers } from "./allocations/server-watch.ts";
import { startStraySweep } from "./allocations/stray-sweep.ts";
import { Registration } from "./allocations/registration.ts";
import { catalogueTemplates } from "./catalogue-templates.ts";
import type { AllocationSource } from "./ports.ts";
import type { CommandSession } from "../lib/command-session.ts";

export type { CollectionSettings };

export interface NodeAgentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly drivers: readonly TaskDriver[];
  /** Where node.db and the node's id live. */
  readonly dataDir: string;
  readonly allocDir: string;
  readonly nodeConfig: NodeConfig;
  /** Labels carry it: two clusters on one machine never touch each other's tasks. */
  readonly clusterId: string;
  /** The agent's environment for tasks without an image, already filtered by the deny list. */
  readonly hostEnv: StringMap;
  readonly failpoint: Failpoint;
  /** What templates may ask the servers for; without it they find the catalogue of services. */
  readonly templateSources?: LiveTemplateSources;
  /** Reads YAML for templates; without it they refuse it. */
  readonly parseYaml?: (text: string) => Json;
  /** Where templates with long actions are rendered; without it on the main thread. */
  readonly templateThread?: TemplateThread;
  readonly artifacts?: ArtifactSettings;
  /** Without it, secrets of tasks are plain folders. */
  readonly secretsMounts?: SecretsMounts;
  /** Each knows one kind of devices of this machine. */
  readonly devicePlugins?: readonly DevicePlugin[];
  /** When files of ended allocations go; without it they stay until the servers forget them. */
  readonly collection?: CollectionSettings;
  readonly pollMs?: number;
  readonly syncMs?: number;
  readonly orphanGraceMs?: number;
  readonly concurrency?: number;
}
export interface NodeAgent {
  readonly nodeId: NodeId;
  node(): Node;
  readonly files: AllocationFiles;
  hostStats(): Promise<HostStats>;
  /** Restarts one task, or all that run (null). Refuses what is unknown or does not run. */
  restart(id: AllocationId, task: string | null, all: boolean): void;
  signal(id: AllocationId, task: string | null, signal: string): Promise<void>;
  /** Holds the starts of a task, or lets them go on. */
  pause(id: AllocationId, task: string, isPaused: boolean): void;
  isPaused(id: AllocationId, task: string): boolean;
  /** Usage of each running task. */
  stats(id: AllocationId): Promise<{ readonly [task: string]: TaskUsage }>;
  /** Runs a command inside a running task; the signal ends it. */
  exec(
    id: AllocationId,
    task: string,
    request: ExecRequest,
    signal: AbortSignal,
  ): Promise<CommandSession>;
  /** Clears the files of an ended allocation away. */
  collect(id: AllocationId): Promise<void>;
  /** What the health checks of an allocation say now. */
  checks(id: AllocationId): readonly CheckState[];
  /** Tasks go on running, unless they are to be destroyed. */
  stop(options: { readonly destroyAll: boolean }): Promise<void>;
}

/** Starts everything that makes this machine a node of the cluster. */
export async function startNodeAgent(options: NodeAgentOptions): Promise<NodeAgent> {
  const { clock, random, dataDir, allocDir, nodeConfig } = options;
  const log = options.log.child("node");
  const measure = (): Promise<MachineFacts> =>
    readMachine({ allocDir, networkInterface: nodeConfig.networkInterface });
  const facts = await measure();
  const db = withNodeDbFailpoints(openNodeDb(dataDir), options.failpoint);
  const remembered = readMemory(db);
  const identity = loadIdentity(dataDir, db, random);
  const drivers = new Map(
    options.drivers.map((driver) => [driver.name, withDriverFailpoints(driver, options.failpoint)]),
  );
  const { source } = options;
  const devices = new NodeDevices({ clock, random, log, plugins: options.devicePlugins ?? [] });
  const registration = new Registration({
    clock,
    random,
    log,
    source,
    drivers,
    identity,
    facts,
    measure,
    config: nodeConfig,
    devices,
  });
  const owner = { cluster: options.clusterId, nodeId: identity.id };
  const parts = assemble({ ...options, log }, { db, drivers, owner, registration, devices });
  parts.loop.load(remembered);
  registration.start();
  devices.start();
  return {
    nodeId: identity.id,
    node: () => registration.node(),
    files: parts.files,
    hostStats: createHostStats(clock, allocDir, () => devices.stats()),
    restart(id, task, all) {
      restartTasks(parts.loop, entryOf(parts.loop, id), { task, all });
    },
    pause(id, task, isPaused) {
      pauseTask(parts.loop, entryOf(parts.loop, id), { task, isPaused });
    },
    isPaused: (id, task) => isTaskPaused(entryOf(parts.loop, id), task),
    signal: (id, task, signal) =>
      signalTasks(parts.loop, entryOf(parts.loop, id), { task, signal }),
    stats: (id) => usageOf(parts.loop, entryOf(parts.loop, id), () => devices.stats()),
    exec: (id, task, request, signal) =>
      execInTask(parts.loop, entryOf(parts.loop, id), { task, request, signal }),
    collect: (id) => parts.loop.collect(id),
    checks: (id) => parts.checks.states(entryOf(parts.loop, id).id),
    async stop({ destroyAll }) {
      if (destroyAll) await destroyEverything(parts.loop, clock);
      for (const stop of parts.stops) await stop();
      if (destroyAll) await parts.directories.sweepMounts(() => false);
      await devices.stop();
      await registration.stop();
      db.close();
    },
  };
}

/** Before anything runs: with a memory that cannot be read, nothing may be done. */
function readMemory(db: NodeDb): readonly StoredAllocation[] {
  try {
    return db.allocations().map(decodeStored);
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

const defaultOrphanGraceMs = 60_000;

interface Made {
  readonly db: NodeDb;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly owner: TaskOwner;
  readonly registration: Registration;
  readonly devices: NodeDevices;
}
interface Parts {
  readonly loop: AllocationLoop;
  readonly directories: AllocationDirectories;
  readonly files: AllocationFiles;
  readonly checks: HealthChecks;
  /** In the order of stopping. */
  readonly stops: readonly (() => Promise<void> | void)[];
}

function assemble(options: NodeAgentOptions, made: Made): Parts {
  const { clock, random, log, source, failpoint } = options;
  const { db, drivers, owner, registration, devices } = made;
  const directories = new AllocationDirectories(options.allocDir, options.secretsMounts);
  const logs = new LogCollector({ clock, log, db, directories, failpoint });
  const checks = new HealthChecks({
    clock,
    random,
    log,
    changed: (id) => {
      loop.add(id);
    },
  });
  const survey: StartupSurvey = startSurvey({
    clock,
    random,
    log,
    drivers,
    owner,
    surveyed: () => {
      for (const entry of loop.entries()) loop.add(entry.id);
    },
  });
  const templates = templatesOf(options, () => loop);
  const loop: AllocationLoop = new AllocationLoop({
    clock,
    random,
    log,
    source,
    drivers,
    db,
    directories,
    logs,
    checks,
    templates,
    artifacts: options.artifacts ?? defaultArtifactSettings,
    devices,
    owner,
    failpoint,
    survey,
    node: () => registration.node(),
    region: options.nodeConfig.region,
    hostEnv: options.hostEnv,
    pollMs: options.pollMs ?? 7_500,
    orphanGraceMs: options.orphanGraceMs ?? defaultOrphanGraceMs,
    concurrency: options.concurrency ?? 16,
  });
  const sweeps = startSweeps(options, made, { loop, directories });
  const news = watchServers(options, registration.node().ID, { loop, directories });
  const closeWatches = watchDrivers(made, loop);
  return {
    loop,
    directories,
    checks,
    files: filesOf(clock, directories, loop),
    stops: [
      news,
      closeWatches,
      () => sweeps.stop(),
      () => checks.stop(),
      () => survey.stop(),
      () => templates.stop(),
      () => logs.stop(),
      () => loop.stop(),
      // As long as starts are under way, images come that have to be written down.
      () => sweeps.stopImages(),
    ],
  };
}

/** What nothing wants any more is cleared away: tasks, networks and images. */
function startSweeps(
  options: NodeAgentOptions,
  { db, drivers, owner }: Made,
  { loop, directories }: Pick<Parts, "loop" | "directories">,
): { stop(): Promise<void>; stopImages(): Promise<void> } {
  const { clock, random, log, source } = options;
  const strays = startStraySweep({
    clock,
    random,
    log,
    source,
    drivers,
    owner,
    graceMs: options.orphanGraceMs ?? defaultOrphanGraceMs,
    entry: (id) => loop.entry(id),
    found: (desired) => {
      loop.update(desired);
    },
  });
  const images = startImageSweep({
    clock,
    random,
    log,
    db,
    drivers,
    entries: () => loop.entries(),
    configsOf: (desired) => loop.configsOf(desired),
  });
  const collection = collectionOf(options, { loop, directories });
  return {
    async stop() {
      await collection?.stop();
      await strays.stop();
    },
    stopImages: () => images.stop(),
  };
}

function templatesOf(options: NodeAgentOptions, loop: () => AllocationLoop): TemplateFollowers {
  const { clock, random, log } = options;
  return new TemplateFollowers({
    clock,
    random,
    log,
    sources: options.templateSources ?? catalogueTemplates(options.source.catalogue),
    parseYaml: options.parseYaml,
    thread: options.templateThread,
    tell: (id, outcome) => {
      loop().tell(id, outcome);
    },
    handleOf: (id, task) => {
      const record = loop().entry(id)?.record?.tasks[task];
      return record?.phase === "running" ? record.handle : undefined;
    },
  });
}

function collectionOf(
  { clock, random, log, collection: settings, allocDir }: NodeAgentOptions,
  { loop, directories }: Pick<Parts, "loop" | "directories">,
): ReturnType<typeof startCollection> | undefined {
  if (!settings) return undefined;
  return startCollection({
    clock,
    random,
    log,
    directories,
    settings,
    entries: () => loop.entries(),
    collect: (id) => loop.collect(id),
    use: async () => {
      const { usedPercent, inodesUsedPercent } = await diskUsage(allocDir);
      return { diskPercent: usedPercent, inodePercent: inodesUsedPercent };
    },
  });
}

/** Hints from the engines; a lost connection makes the driver's health be asked for. */
function watchDrivers({ drivers, owner, registration }: Made, loop: AllocationLoop): () => void {
  const watches = [...drivers.values()].map((driver) =>
    driver.watch(
      owner,
      (key) => {
        loop.add(key.allocationId);
      },
      () => {
        registration.doubt(driver.name);
      },
    ),
  );
  return () => {
    for (const watch of watches) watch.close();
  };
}

function filesOf(
  clock: Clock,
  directories: AllocationDirectories,
  loop: AllocationLoop,
): AllocationFiles {
  return createAllocationFiles({
    clock,
    directories,
    task: (id, name) => {
      const task = loop.entry(id)?.record?.tasks[name];
      return task && { hasStarted: task.state.StartedAt !== null };
    },
  });
}

function entryOf(loop: AllocationLoop, id: AllocationId): AllocationEntry {
  const entry = loop.entry(id);
  if (!entry) throw new AppError("not-found", `Unknown allocation "${id}"`);
  return entry;
}
