import type { Clock } from "../lib/clock.ts";
import { AppError, errorText } from "../lib/errors.ts";
import { formatInstant } from "../lib/instant.ts";
import type { Logger } from "../lib/logger.ts";
import { runProgram, type ProgramResult } from "../lib/system/run-program.ts";
import type { NodeDevice, NodeDeviceResource } from "../model/node.ts";
import {
  describeGpus,
  gpuFields,
  parseDetails,
  parseParts,
  parseRows,
  type GpuDetails,
  type Gpus,
  type Row,
} from "./core/nvidia-smi.ts";
import { describeStats, fewerStatsFields, statsFields } from "./core/nvidia-stats.ts";
import type { DevicePlugin } from "./devices.ts";

/** `plugin "nvidia-gpu" { config { } }`. */
export interface NvidiaConfig {
  readonly enabled: boolean;
  readonly ignoredGpuIds: readonly string[];
  readonly fingerprintPeriodMs: number;
}
export interface NvidiaOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: NvidiaConfig;
  /** Where programs are looked for. */
  readonly searchPath: string;
  readonly timeoutMs?: number;
}

export const defaultNvidiaConfig: NvidiaConfig = {
  enabled: true,
  ignoredGpuIds: [],
  fingerprintPeriodMs: 60_000,
};

const program = "nvidia-smi";
const defaultTimeoutMs = 10_000;
const maxBytes = 1024 * 1024;

type Ask = (words: readonly string[], signal: AbortSignal) => Promise<string>;

/** GPUs of NVIDIA as the driver's own program tells of them. A machine without that program has none. */
export function createNvidiaPlugin(options: NvidiaOptions): DevicePlugin {
  const { clock, config } = options;
  const log = options.log.child("nvidia-gpu");
  const ask = asker(options);
  let known: readonly NodeDeviceResource[] = [];
  return {
    name: "nvidia-gpu",
    periodMs: config.fingerprintPeriodMs,
    async fingerprint(signal) {
      try {
        known = keepLost(await readGpus(ask, config.ignoredGpuIds, { log, signal }), known);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== "not-found") throw thrown;
        known = [];
      }
      return known;
    },
    async stats(signal) {
      const rows = await readStats(ask, signal);
      const details = await readDetails(ask, { log, signal });
      return describeStats(known, { rows, details }, formatInstant(clock.nowNs()));
    },
  };
}

/** One that hangs in the kernel cannot be killed; until it ends, no further one is started. */
function asker({ searchPath, timeoutMs = defaultTimeoutMs }: NvidiaOptions): Ask {
  const env = { PATH: searchPath, LC_ALL: "C" };
  let hanging = 0;
  const run = async (words: readonly string[], signal: AbortSignal): Promise<ProgramResult> => {
    let [isAlive, isGivenUp] = [false, false];
    const started = (): void => {
      isAlive = true;
    };
    const ended = (): void => {
      isAlive = false;
      if (isGivenUp) hanging -= 1;
    };
    const options = { env, timeoutMs, maxBytes, signal, started, ended };
    try {
      return await runProgram(program, words, options);
    } catch (thrown) {
      // Whoever gave it up, and for whatever reason: what counts is that it is still there.
      if (isAlive) {
        isGivenUp = true;
        hanging += 1;
      }
      throw thrown;
    }
  };
  return async (words, signal) => {
    if (hanging > 0) throw new AppError("unavailable", `the last ${program} still hangs`);
    const { code, stdout, stderr } = await run(words, signal);
    const said = `${stdout}\n${stderr}`.trim();
    if (/^no devices were found/im.test(said)) return "";
    if (code === 0) return stdout;
    throw new AppError("unavailable", `${program}: ${firstLine(said) || `exit code ${code}`}`);
  };
}

const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? "").slice(0, 300);

interface Reading {
  readonly log: Logger;
  readonly signal: AbortSignal;
}

async function readGpus(ask: Ask, ignored: readonly string[], reading: Reading): Promise<Gpus> {
  const rows = await readRows(ask, gpuFields, reading.signal);
  if (rows.length === 0) return { groups: [], lost: [] };
  const parts = parseParts(await ask(["-L"], reading.signal));
  const details = await readDetails(ask, reading);
  return describeGpus({ rows, parts, details }, ignored);
}

async function readRows<Field extends string>(
  ask: Ask,
  fields: readonly Field[],
  signal: AbortSignal,
): Promise<Row<Field>[]> {
  const words = [`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits"];
  const text = await ask(words, signal);
  const rows = parseRows(text, fields);
  if (!rows)
    throw new AppError("invalid", `${program} printed what cannot be read: ${firstLine(text)}`);
  return rows;
}

async function readStats(ask: Ask, signal: AbortSignal): ReturnType<typeof readRows> {
  try {
    return await readRows(ask, statsFields, signal);
  } catch (thrown) {
    if (!/not a valid field/i.test(errorText(thrown))) throw thrown;
    return readRows(ask, fewerStatsFields, signal);
  }
}

/** A few values that no query has a field for: without them the rest is still worth having. */
async function readDetails(ask: Ask, { log, signal }: Reading): Promise<GpuDetails> {
  try {
    return parseDetails(await ask(["-q", "-d", "MEMORY,UTILIZATION"], signal));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    log.debug({ error: errorText(thrown) }, "no details of the devices");
    return new Map();
  }
}

/** A card that has lost its id is still known by its place: it stays, unwell, for whoever holds it. */
function keepLost(
  { groups, lost }: Gpus,
  before: readonly NodeDeviceResource[],
): readonly NodeDeviceResource[] {
  const found = new Set(groups.flatMap(({ Instances }) => Instances.map(({ ID }) => ID)));
  const kept = before.flatMap((group) => {
    const instances = group.Instances.flatMap((device): NodeDevice[] => {
      const loss = lost.find(({ busId }) => busId === device.Locality?.PciBusID);
      return loss && !found.has(device.ID)
        ? [{ ...device, Healthy: false, HealthDescription: loss.reason }]
        : [];
    });
    return instances.length > 0 ? [{ ...group, Instances: instances }] : [];
  });
  const merged = groups.map((group) => ({
    ...group,
    Instances: [
      ...group.Instances,
      ...kept.filter(({ Name }) => Name === group.Name).flatMap(({ Instances }) => Instances),
    ].toSorted((a, b) => (a.ID < b.ID ? -1 : 1)),
  }));
  return [
    ...merged,
    ...kept.filter(({ Name }) => groups.every((group) => group.Name !== Name)),
  ].toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}
