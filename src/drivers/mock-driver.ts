import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import { decodeMock } from "./mock-driver/decode.ts";
import { printed } from "./mock-driver/output.ts";
import { readMockPlugin } from "./mock-driver/plugin-options.ts";
import { mockRecords } from "./mock-driver/records.ts";
import { PretendedTasks } from "./mock-driver/tasks.ts";
import type { DriverFingerprint, TaskDriver } from "./port.ts";

export interface MockOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly enabled: boolean;
  /** `plugin "mock_driver" { config { } }`, as written. */
  readonly config?: JsonMap;
  /** Where it remembers its tasks across restarts of the agent. */
  readonly stateDir: string;
}

/** What is wrong in the plugin's block. */
export const mockPluginFaults = (config: JsonMap): readonly string[] =>
  readMockPlugin(config).errors;

/** Pretends tasks as their options say, for trying out jobs and the cluster around them. Nothing runs. */
export function createMockDriver(options: MockOptions): TaskDriver {
  const { clock, log, stateDir } = options;
  const { config } = readMockPlugin(options.config ?? {});
  const enabled = options.enabled || config.enabled;
  const goneAtMs = clock.monotonicMs() + (config.goneAfterMs ?? Infinity);
  const tasks = new PretendedTasks(clock, log.child("mock_driver"), mockRecords(stateDir));
  return {
    name: "mock_driver",
    isolation: config.isolation,
    validate: (config) => decodeMock(config).diagnostics,
    fingerprint: () =>
      Promise.resolve(fingerprintOf(enabled && clock.monotonicMs() < goneAtMs, tasks.isAway())),
    list: (owner) => tasks.list(owner),
    inspect: async (handle) => tasks.inspect(handle),
    async start(spec, _notice, signal) {
      if (!enabled) throw refused("the driver mock_driver is disabled on this node");
      const { values, diagnostics } = decodeMock(spec.config);
      if (diagnostics.length > 0)
        throw refused(diagnostics.map(({ summary }) => summary).join("; "));
      return tasks.start(spec, values, signal);
    },
    /** At once: the published driver never reads `kill_after` either. */
    stop: async (handle) => {
      tasks.kill(handle);
    },
    signal: async (handle, name) => {
      tasks.signal(handle, name);
    },
    remove: async (handle) => {
      tasks.remove(handle);
    },
    output: (handle, cursor, signal) => printed(clock, () => tasks.life(handle), cursor, signal),
    stats: async (handle) =>
      tasks.inspect(handle)?.state === "running" ? pretendedUsage : undefined,
    watch: (owner, changed) => tasks.watch(owner, changed),
    exec: async (handle, _request, signal) => tasks.exec(handle, signal),
  };
}

const refused = (message: string): AppError =>
  new AppError("driver", message, { fields: { recoverable: false } });

function fingerprintOf(isEnabled: boolean, isAway: boolean): DriverFingerprint {
  if (!isEnabled)
    return { detected: false, healthy: false, description: "disabled", attributes: {} };
  const attributes = { "": "1" };
  return isAway
    ? { detected: true, healthy: false, description: "the driver's plugin has exited", attributes }
    : { detected: true, healthy: true, description: "Healthy", attributes };
}

const pretendedBytes = 1024 * 1024;
const pretendedUsage = {
  cpuPercent: 0,
  cpuTotalTicks: 0,
  systemMode: 0,
  userMode: 0,
  throttledPeriods: 0,
  throttledTime: 0,
  memory: {
    rss: pretendedBytes,
    cache: 0,
    swap: 0,
    usage: pretendedBytes,
    maxUsage: pretendedBytes,
  },
};
