import { parseDuration } from "../lib/duration.ts";
import { errorText } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { createSystemClock } from "../lib/system/clock.ts";
import {
  createLogger,
  type LogLevel,
  type LogSink,
  type RootLogger,
} from "../lib/system/logger.ts";
import { openLogFile } from "../lib/system/log-file.ts";
import { systemRandom } from "../lib/system/random.ts";
import { watchMainThread } from "../lib/system/watchdog.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { type FlagValues, flagsToConfig } from "./core/agent-flags.ts";
import { bannerLines } from "./core/banner.ts";
import { type AgentPlan, planAgent, prepareAgent } from "./plan-agent.ts";
import { type AgentStreams, spokenAsRecords } from "./spoken-lines.ts";
import { type Agent, startAgent } from "./start-agent.ts";

export interface AgentProcess {
  /** Resolves with the exit code once the agent was told to stop and has stopped. */
  readonly finished: Promise<number>;
  /** Handles one signal: stop, reload. */
  readonly onSignal: (name: SignalName) => void;
}
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";
export interface RunOptions {
  readonly flags: FlagValues;
  readonly streams: AgentStreams;
  readonly version: string;
  /** Aborted when the agent is told to stop before it has started; what has started by then is stopped in reverse. */
  readonly interrupted: AbortSignal;
  /** Ends the process with SIGKILL: a normal exit would wait for a stuck disk. */
  readonly killSelf: () => void;
}

/** Far above what any turn may take: a main thread that stands still for so long waits for a dead disk. */
const standstillMs = 60_000;

const devBase: JsonObject = {
  bind_addr: "127.0.0.1",
  log_level: "DEBUG",
  enable_debug: true,
  disable_anonymous_signature: true,
  server: { enabled: true, bootstrap_expect: 1 },
  client: {
    enabled: true,
    network_interface: "lo",
    options: {
      "driver.raw_exec.enable": "true",
      "driver.docker.volumes": "true",
      "test.tighten_network_timeouts": "true",
    },
    gc_interval: 600e9,
    gc_disk_usage_threshold: 99,
    gc_inode_usage_threshold: 99,
    gc_max_allocs: 50,
  },
  telemetry: {
    prometheus_metrics: true,
    publish_allocation_metrics: true,
    publish_node_metrics: true,
    include_alloc_metadata_in_metrics: true,
  },
};

/** `nomad agent`: everything between the command line and the exit code. Answers undefined when it may not start. */
export async function runAgent(options: RunOptions): Promise<AgentProcess | undefined> {
  const { flags, streams } = options;
  const isDev = isOn(flags["dev"]);
  const loaded = load(flags, isDev);
  if (!loaded.ok) return refuse(streams, loaded.errors);
  const { config } = loaded;
  const planned = planAgent(config.settings, isDev);
  if (!planned.ok) return refuse(streams, planned.errors);
  const { plan } = planned;
  let held: HeldLines | undefined;
  // What is said to a person; with JSON logs, to whoever reads those.
  let told = streams;
  try {
    held = holdLines(config, streams);
    const { log } = held;
    if (config.settings.flag("log_json")) {
      held.release();
      told = spokenAsRecords(log);
    }
    tellStart(config, plan, told);
    const agent = await start({ ...options, streams: told }, { config, plan, isDev, log });
    if (options.interrupted.aborted) {
      await agent.agent.stop();
      options.interrupted.throwIfAborted();
    }
    printBanner({ config, plan, agent, streams: told, version: options.version });
    held.release();
    return superviseAgent({
      agent: agent.agent,
      config,
      streams: told,
      reload: () => {
        reload(load(flags, isDev), { isDev, log, streams: told });
      },
    });
  } catch (thrown) {
    held?.release();
    if (options.interrupted.aborted) {
      told.out(`==> Stopped before the start was over: ${errorText(options.interrupted.reason)}`);
      return undefined;
    }
    told.error(`==> Error starting agent: ${errorText(thrown)}`);
    return undefined;
  }
}

function tellStart(config: LoadedConfig, plan: AgentPlan, streams: AgentStreams): void {
  for (const warning of [...config.warnings, ...plan.warnings])
    streams.out(`==> WARNING: ${warning}`);
  streams.out(
    config.files.length === 0
      ? "==> No configuration files loaded"
      : `==> Loaded configuration from ${config.files.join(", ")}`,
  );
  streams.out("==> Starting Nomad agent...");
}

type Loaded =
  | { readonly ok: true; readonly config: LoadedConfig }
  | { readonly ok: false; readonly errors: readonly string[] };

function load(flags: FlagValues, isDev: boolean): Loaded {
  const fromFlags = flagsToConfig(flags, parseDuration);
  if (!fromFlags.ok) return { ok: false, errors: [fromFlags.error] };
  const paths = flags["config"];
  return loadConfig({
    paths: Array.isArray(paths) ? paths.map(String) : [],
    base: isDev ? devBase : {},
    flags: fromFlags.values,
  });
}

function refuse(streams: AgentStreams, errors: readonly string[]): undefined {
  for (const error of errors) streams.error(`==> ${error}`);
  return undefined;
}

interface HeldLines {
  readonly log: RootLogger;
  readonly release: () => void;
}

/** Log lines wait until the banner is out, as published. */
function holdLines(config: LoadedConfig, streams: AgentStreams): HeldLines {
  const { settings } = config;
  const waiting: string[] = [];
  let isReleased = false;
  const indent = settings.flag("log_json") ? "" : "    ";
  const terminal: LogSink = {
    write(line) {
      if (isReleased) streams.out(`${indent}${line.trimEnd()}`);
      else waiting.push(line);
    },
  };
  const sinks: LogSink[] = [terminal];
  if (settings.text("log_file") !== "") {
    const clock = createSystemClock();
    sinks.push(
      openLogFile({
        path: settings.text("log_file"),
        rotateAfterMs: settings.milliseconds("log_rotate_duration"),
        rotateBytes: settings.number("log_rotate_bytes"),
        maxFiles: settings.number("log_rotate_max_files"),
        nowNs: () => clock.nowNs(),
        onFault: (text) => {
          streams.error(`==> ${text}`);
        },
      }),
    );
  }
  const log = createLogger({
    level: levelOf(settings.text("log_level")),
    json: settings.flag("log_json"),
    sinks,
  });
  return {
    log,
    release() {
      isReleased = true;
      for (const line of waiting.splice(0)) terminal.write(line);
    },
  };
}

interface Started {
  readonly agent: Agent;
  readonly serverId: string;
}

async function start(
  options: RunOptions,
  parts: {
    readonly config: LoadedConfig;
    readonly plan: AgentPlan;
    readonly isDev: boolean;
    readonly log: RootLogger;
  },
): Promise<Started> {
  const { config, plan, isDev, log } = parts;
  const prepared = prepareAgent(plan, { random: systemRandom, isDev });
  const agent = await startAgent(
    {
      clock: createSystemClock(),
      random: systemRandom,
      log,
      settings: config.settings,
      files: config.files,
      isDev,
      version: options.version,
      interrupted: options.interrupted,
      onFatal(error) {
        options.streams.error(`==> Storage failed, the agent ends itself: ${errorText(error)}`);
        options.killSelf();
      },
    },
    plan,
    prepared,
  );
  const watchdog = watchMainThread(standstillMs);
  const stop = async (): Promise<void> => {
    await agent.stop();
    await watchdog.stop();
  };
  return { agent: { stop }, serverId: prepared.serverId };
}

function printBanner(facts: {
  readonly config: LoadedConfig;
  readonly plan: AgentPlan;
  readonly agent: Started;
  readonly streams: AgentStreams;
  readonly version: string;
}): void {
  const { config, plan, streams } = facts;
  streams.out("==> Nomad agent configuration:");
  streams.out("");
  const lines = bannerLines({
    region: config.settings.text("region"),
    datacenter: config.settings.text("datacenter"),
    logLevel: config.settings.text("log_level").toUpperCase(),
    isServer: plan.isServer,
    isClient: plan.isClient,
    nodeId: facts.agent.serverId,
    version: facts.version,
    bind: plan.addresses.bind,
    advertise: plan.addresses.advertise,
  });
  for (const line of lines) streams.out(line);
  streams.out("");
  streams.out("==> Nomad agent started! Log data will stream in below:");
  streams.out("");
}

/** What can change while the agent runs: the log level. A configuration that is broken now changes nothing. */
function reload(
  loaded: Loaded,
  parts: { readonly isDev: boolean; readonly log: RootLogger; readonly streams: AgentStreams },
): void {
  const { isDev, log, streams } = parts;
  const verdict = loaded.ok ? planAgent(loaded.config.settings, isDev) : loaded;
  if (!loaded.ok || !verdict.ok) {
    const errors = verdict.ok ? [] : verdict.errors;
    for (const error of errors) streams.error(`==> Failed to reload configs: ${error}`);
    return;
  }
  const level = levelOf(loaded.config.settings.text("log_level"));
  log.setLevel(level);
  log.info({ level }, "configuration reloaded; only the log level changes while the agent runs");
}

function superviseAgent(parts: {
  readonly agent: Agent;
  readonly config: LoadedConfig;
  readonly streams: AgentStreams;
  readonly reload: () => void;
}): AgentProcess {
  const { agent, config, streams } = parts;
  let isStopping = false;
  let finish: (code: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  return {
    finished,
    onSignal(name) {
      streams.out(
        `==> Caught signal: ${{ SIGINT: "interrupt", SIGTERM: "terminated", SIGHUP: "hangup" }[name]}`,
      );
      if (name === "SIGHUP") {
        streams.out("==> Reloading configuration...");
        parts.reload();
        return;
      }
      if (isStopping) {
        finish(1);
        return;
      }
      isStopping = true;
      const isGraceful = config.settings.flag(
        name === "SIGINT" ? "leave_on_interrupt" : "leave_on_terminate",
      );
      if (isGraceful) streams.out("==> Gracefully shutting down agent...");
      void stopAndFinish(agent, streams, isGraceful ? 0 : 1).then(finish);
    },
  };
}

async function stopAndFinish(agent: Agent, streams: AgentStreams, code: number): Promise<number> {
  try {
    await agent.stop();
    return code;
  } catch (thrown) {
    streams.error(`==> Error shutting down agent: ${errorText(thrown)}`);
    return 1;
  }
}

const isOn = (value: FlagValues[string] | undefined): boolean => value === true || value === "true";

function levelOf(text: string): LogLevel {
  const level = text.toLowerCase();
  return level === "trace" ||
    level === "debug" ||
    level === "warn" ||
    level === "error" ||
    level === "off"
    ? level
    : "info";
}
