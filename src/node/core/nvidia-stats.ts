/** What NVIDIA devices are at now, under the published names. */
import type { DeviceGroupStats, DeviceStat, DeviceStats } from "../../model/device.ts";
import type { NodeDeviceResource } from "../../model/node.ts";
import { numberOf, type GpuDetails, type Row } from "./nvidia-smi.ts";

const plainFields = [
  "uuid",
  "pci.bus_id",
  "power.draw",
  "power.limit",
  "utilization.gpu",
  "utilization.memory",
  "temperature.gpu",
  "memory.used",
  "memory.total",
] as const;
const errorFields = [
  "ecc.errors.corrected.volatile.l1_cache",
  "ecc.errors.corrected.volatile.l2_cache",
  "ecc.errors.corrected.volatile.device_memory",
] as const;

export type StatsField = (typeof plainFields)[number] | (typeof errorFields)[number];
/** What to ask for, and what to ask for when a driver does not know all of it. */
export const statsFields: readonly StatsField[] = [...plainFields, ...errorFields];
export const fewerStatsFields: readonly StatsField[] = plainFields;

/** Of the devices that the node offers; a card that is divided up has no figures of its parts. */
export function describeStats(
  groups: readonly NodeDeviceResource[],
  answers: { readonly rows: readonly Partial<Row<StatsField>>[]; readonly details: GpuDetails },
  timestamp: string,
): DeviceGroupStats[] {
  return groups.flatMap(({ Vendor, Type, Name, Instances }) => {
    const stats = Instances.flatMap(({ ID }): [string, DeviceStats][] => {
      const row = answers.rows.find(({ uuid }) => uuid === ID);
      if (!row) return [];
      const details = answers.details.get(row["pci.bus_id"] ?? "") ?? {};
      return [[ID, statsOf(row, details, timestamp)]];
    });
    return stats.length === 0
      ? []
      : [{ Vendor, Type, Name, InstanceStats: Object.fromEntries(stats) }];
  });
}

function statsOf(
  row: Partial<Row<StatsField>>,
  details: { readonly [name: string]: string },
  timestamp: string,
): DeviceStats {
  const memory = fraction(row["memory.used"], row["memory.total"], {
    unit: "MiB",
    desc: "UsedMemory / TotalMemory",
  });
  const usage = (what: string): string =>
    `Percent of time over the past sample period during which GPU ${what} was used`;
  const errors = (what: string): string => `Requested ${what} error counter for the device`;
  return {
    Summary: memory,
    Stats: {
      Nested: null,
      Attributes: {
        "Power usage": fraction(row["power.draw"], row["power.limit"], {
          unit: "W",
          desc: "Power usage for this GPU in watts and its associated circuitry (e.g. memory) / Maximum GPU Power",
        }),
        "GPU utilization": single(
          row["utilization.gpu"],
          "%",
          "Percent of time over the past sample period during which one or more kernels were executing on the GPU.",
        ),
        "Memory utilization": single(
          row["utilization.memory"],
          "%",
          "Percentage of bandwidth used during the past sample period",
        ),
        "Encoder utilization": single(details["Utilization.Encoder"], "%", usage("Encoder")),
        "Decoder utilization": single(details["Utilization.Decoder"], "%", usage("Decoder")),
        Temperature: single(row["temperature.gpu"], "C", "Temperature of the Unit"),
        "Memory state": memory,
        "BAR1 buffer state": fraction(
          details["BAR1 Memory Usage.Used"],
          details["BAR1 Memory Usage.Total"],
          { unit: "MiB", desc: "UsedBAR1 / TotalBAR1" },
        ),
        "ECC L1 errors": single(row[errorFields[0]], "#", errors("L1Cache")),
        "ECC L2 errors": single(row[errorFields[1]], "#", errors("L2Cache")),
        "ECC memory errors": single(row[errorFields[2]], "#", errors("memory")),
      },
    },
    Timestamp: timestamp,
  };
}

const absent = (unit: string, desc: string): DeviceStat => ({
  StringVal: "N/A",
  Unit: unit,
  Desc: desc,
});

function single(text: string | undefined, unit: string, desc: string): DeviceStat {
  const value = numberOf(text);
  return value === undefined
    ? absent(unit, desc)
    : { IntNumeratorVal: value, Unit: unit, Desc: desc };
}

function fraction(
  part: string | undefined,
  whole: string | undefined,
  { unit, desc }: { readonly unit: string; readonly desc: string },
): DeviceStat {
  const [numerator, denominator] = [numberOf(part), numberOf(whole)];
  if (numerator === undefined || denominator === undefined) return absent(unit, desc);
  return { IntNumeratorVal: numerator, IntDenominatorVal: denominator, Unit: unit, Desc: desc };
}
