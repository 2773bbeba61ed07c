/** What `nvidia-smi` prints, as the devices of a node under the published names. */
import { intAttribute, textAttribute } from "../../model/device.ts";
import type { DeviceAttribute, NodeDevice, NodeDeviceResource } from "../../model/node.ts";

/** Fields of `--query-gpu` that every driver of the last ten years knows. */
export const gpuFields = [
  "uuid",
  "name",
  "pci.bus_id",
  "driver_version",
  "memory.total",
  "power.limit",
  "clocks.max.graphics",
  "clocks.max.memory",
  "pcie.link.gen.max",
  "pcie.link.width.max",
  "display_mode",
  "persistence_mode",
] as const;
export type GpuField = (typeof gpuFields)[number];
export type Row<Field extends string> = { readonly [field in Field]: string };

export interface GpuAnswers {
  readonly rows: readonly Row<GpuField>[];
  /** Of `-q -d`: sections of each GPU, by its bus id. */
  readonly details: GpuDetails;
  readonly parts: GpuParts;
}
export type GpuDetails = ReadonlyMap<string, { readonly [name: string]: string }>;
/** Instances of a GPU that is divided up, by the id of the whole. */
export type GpuParts = ReadonlyMap<
  string,
  readonly { readonly id: string; readonly profile: string }[]
>;

/** A card that the driver has lost has no id any more; whoever knew it by its place can tell which one it is. */
export interface LostGpu {
  readonly busId: string;
  readonly reason: string;
}
export interface Gpus {
  readonly groups: readonly NodeDeviceResource[];
  readonly lost: readonly LostGpu[];
}

/** Lines of `--format=csv,noheader,nounits`; undefined when one of them is no such line. */
export function parseRows<Field extends string>(
  text: string,
  fields: readonly Field[],
): Row<Field>[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => line.split(",").map((value) => value.trim()));
  if (rows.some((row) => row.length !== fields.length)) return undefined;
  return rows.map(
    (row) => Object.fromEntries(fields.map((field, at) => [field, row[at] ?? ""])) as Row<Field>,
  );
}

/** `BAR1 Memory Usage.Total` and the like, by bus id. */
export function parseDetails(text: string): GpuDetails {
  const details = new Map<string, { [name: string]: string }>();
  let current: { [name: string]: string } | undefined;
  let section = "";
  for (const line of text.split("\n")) {
    const gpu = /^GPU (\S+)\s*$/.exec(line)?.[1];
    if (gpu !== undefined) {
      current = {};
      details.set(gpu, current);
      continue;
    }
    section = /^ {4}(\S[^:]*?)\s*$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^ {8}(\S[^:]*?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (current && name !== undefined) current[`${section}.${name}`] ??= value ?? "";
  }
  return details;
}

/** Lines of `-L`: a GPU and, further in, its instances. */
export function parseParts(text: string): GpuParts {
  const parts = new Map<string, { readonly id: string; readonly profile: string }[]>();
  let whole: string | undefined;
  for (const line of text.split("\n")) {
    const id = /\(UUID: ([^)\s]+)\)/.exec(line)?.[1];
    if (id === undefined) continue;
    const profile = /^\s+MIG (\S+)\s+Device/.exec(line)?.[1];
    if (profile === undefined) whole = id;
    else if (whole !== undefined) parts.set(whole, [...(parts.get(whole) ?? []), { id, profile }]);
  }
  return parts;
}

const notAvailable = "N/A";
const isAbsent = (value: string): boolean => /^\[?(?:N\/A|Not Supported)\]?$/.test(value);
const isUnwell = (value: string): boolean =>
  /GPU is lost|requires reset|Reset required/i.test(value);
const isId = (value: string): boolean => /^(?:GPU|MIG)-[\w./-]+$/.test(value);

/** Whole numbers, as they are published; undefined where there is none. */
export function numberOf(value: string | undefined): number | undefined {
  const number = /^(\d{1,12})(?:\.\d+)?(?: \S+)?$/.exec(value ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

export function describeGpus(answers: GpuAnswers, ignored: readonly string[]): Gpus {
  const groups = new Map<string, NodeDeviceResource>();
  const lost: LostGpu[] = [];
  for (const row of answers.rows.toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1))) {
    if (!isId(row.uuid)) {
      lost.push({ busId: row["pci.bus_id"], reason: reasonOf(row) ?? row.uuid });
      continue;
    }
    for (const { name, device, attributes } of devicesOfRow(row, answers)) {
      if (ignored.includes(device.ID)) continue;
      const known = groups.get(name);
      groups.set(name, {
        Vendor: "nvidia",
        Type: "gpu",
        Name: name,
        Attributes: known?.Attributes ?? attributes,
        Instances: [...(known?.Instances ?? []).filter(({ ID }) => ID !== device.ID), device],
      });
    }
  }
  return {
    groups: [...groups.values()].toSorted((a, b) => (a.Name < b.Name ? -1 : 1)),
    lost,
  };
}

interface Described {
  readonly name: string;
  readonly device: NodeDevice;
  readonly attributes: { readonly [name: string]: DeviceAttribute };
}

/** One that is divided up is not there as a whole. */
function devicesOfRow(row: Row<GpuField>, { details, parts }: GpuAnswers): Described[] {
  const reason = reasonOf(row);
  const device = (ID: string): NodeDevice => ({
    ID,
    Healthy: reason === undefined,
    HealthDescription: reason ?? "",
    Locality: { PciBusID: row["pci.bus_id"] },
  });
  const name = isAbsent(row.name) || row.name === "" ? notAvailable : row.name;
  const attributes = attributesOf(row, details.get(row["pci.bus_id"]) ?? {});
  const own = parts.get(row.uuid);
  if (!own) return [{ name, device: device(row.uuid), attributes }];
  // How much of the memory an instance has is not told here, so nothing is said of it.
  const { memory: _, bar1: __, ...shared } = attributes;
  return own
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, profile }) => ({
      name: `${name} MIG ${profile}`,
      device: device(id),
      attributes: shared,
    }));
}

/** Why the card is of no use; undefined when it is well. */
function reasonOf(row: Row<GpuField>): string | undefined {
  const value =
    Object.values<string>(row).find(isUnwell) ??
    (/unknown error|ERR!/i.test(row["memory.total"]) ? row["memory.total"] : undefined);
  return value?.replace(/^\[|\]$/g, "");
}

function attributesOf(
  row: Row<GpuField>,
  details: { readonly [name: string]: string },
): Described["attributes"] {
  const attributes: { [name: string]: DeviceAttribute } = {
    driver_version: textAttribute(row.driver_version),
    display_state: textAttribute(textOf(row.display_mode)),
    persistence_mode: textAttribute(textOf(row.persistence_mode)),
  };
  const numbers: readonly (readonly [string, number | undefined, string])[] = [
    ["memory", numberOf(row["memory.total"]), "MiB"],
    ["power", numberOf(row["power.limit"]), "W"],
    ["bar1", numberOf(details["BAR1 Memory Usage.Total"]), "MiB"],
    ["cores_clock", numberOf(row["clocks.max.graphics"]), "MHz"],
    ["memory_clock", numberOf(row["clocks.max.memory"]), "MHz"],
    ["pci_bandwidth", bandwidthOf(row), "MB/s"],
  ];
  for (const [name, value, unit] of numbers)
    if (value !== undefined) attributes[name] = intAttribute(value, unit);
  return attributes;
}

const textOf = (value: string): string => (isAbsent(value) ? notAvailable : value);

/** For each lane, in GB/s: the published figures, also where a newer generation really is faster. */
const perLane: { readonly [generation: number]: number } = { 3: 1, 4: 2, 5: 3, 6: 4 };

function bandwidthOf(row: Row<GpuField>): number | undefined {
  const [generation, width] = [
    numberOf(row["pcie.link.gen.max"]),
    numberOf(row["pcie.link.width.max"]),
  ];
  if (generation === undefined || width === undefined) return undefined;
  return width * 1024 * (perLane[generation] ?? 0);
}
