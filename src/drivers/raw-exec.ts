import { mkdirSync } from "node:fs";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import { type DecodedOptions, decodeOptions, optionNumber } from "./core/option-table.ts";
import type { TaskDriver } from "./port.ts";
import { launch } from "./raw-exec/launch.ts";
import { rawExecOptions } from "./raw-exec/options.ts";
import { readSpool } from "./raw-exec/output.ts";
import { createProcessScan } from "./raw-exec/proc.ts";
import { signalTask, stopTask } from "./raw-exec/processes.ts";
import { type RecordFolder, recordFolder } from "./raw-exec/records.ts";
import { readUsage, usageBetween, type UsageReading } from "./raw-exec/usage.ts";
import { watchRecords } from "./raw-exec/watch.ts";

export interface RawExecOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly enabled: boolean;
  /** Where the records of its tasks live; they must outlast the agent. */
  readonly stateDir: string;
}

/**
 * Runs commands without isolation. A shell a few lines long stands above each task and records its process and exit
 * code, since a restarted agent cannot wait for a process that is not its child.
 */
export function createRawExecDriver(options: RawExecOptions): TaskDriver {
  const { clock, stateDir } = options;
  const log = options.log.child("raw_exec");
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const folder: RecordFolder = recordFolder(stateDir);
  const readings = new Map<string, UsageReading>();
  const scan = createProcessScan();
  return {
    name: "raw_exec",
    isolation: "none",
    validate: (config) => decode(config).diagnostics,
    fingerprint: () =>
      Promise.resolve(
        options.enabled
          ? { detected: true, healthy: true, description: "Healthy", attributes: { "": "1" } }
          : { detected: false, healthy: false, description: "disabled", attributes: {} },
      ),
    list: (owner) => folder.list(owner),
    inspect: (handle) => Promise.resolve(folder.observe(handle)),
    async start(spec) {
      const { values, diagnostics } = decode(spec.config);
      if (diagnostics.length > 0) {
        const text = diagnostics.map(
          (one) => `${one.summary}${one.detail === "" ? "" : `: ${one.detail}`}`,
        );
        throw new AppError("driver", text.join("; "), { fields: { recoverable: false } });
      }
      return launch(folder, spec, values);
    },
    stop: (handle, stopOptions, signal) =>
      stopTask(clock, folder, handle, { ...stopOptions, abort: signal }),
    signal: (handle, name) => {
      signalTask(folder, handle, name);
      return Promise.resolve();
    },
    async remove(handle, signal) {
      await stopTask(clock, folder, handle, { signal: "SIGKILL", timeoutMs: 0, abort: signal });
      readings.delete(handle);
      folder.remove(handle);
    },
    output: (handle, cursor, signal) => readSpool({ clock, log, folder, handle, cursor, signal }),
    async stats(handle) {
      const now = readUsage(folder.read(handle), await scan(), clock.monotonicMs());
      if (now === undefined) return undefined;
      const usage = usageBetween(now, readings.get(handle));
      readings.set(handle, now);
      return usage;
    },
    watch: (owner, changed) => watchRecords(clock, log, folder, { owner, changed }),
  };
}

function decode(config: JsonMap): DecodedOptions {
  const { values, diagnostics } = decodeOptions(config, rawExecOptions);
  if ((optionNumber(values, "oom_score_adj") ?? 0) >= 0) return { values, diagnostics };
  const summary = "config.oom_score_adj must not be negative";
  return { values, diagnostics: [...diagnostics, { severity: "error", summary, detail: "" }] };
}
