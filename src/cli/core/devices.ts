import type { DeviceGroupStats, DeviceStat } from "../../model/device.ts";
import type { DeviceAttribute, NodeDeviceResource } from "../../model/node.ts";

type Pairs = readonly (readonly [string, string])[];

const byFirst = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0;

const qualified = (
  { Vendor, Type, Name }: { readonly Vendor: string; readonly Type: string; readonly Name: string },
  id: string,
): string => `${[Vendor, Type, Name].filter((part) => part !== "").join("/")}[${id}]`;

const withUnit = (text: string, unit: string | undefined): string =>
  unit ? `${text} ${unit}` : text;

/** At most three digits behind the point, none of them a zero at the end. */
const decimal = (value: number): string => String(Number(value.toFixed(3)));

/** Other servers have devices that tell fractions and truths as well. */
interface AnyStat extends Partial<DeviceStat> {
  readonly FloatNumeratorVal?: number;
  readonly FloatDenominatorVal?: number;
  readonly BoolVal?: boolean;
}

function statText(stat: AnyStat | null | undefined): string {
  if (!stat) return "<none>";
  if (stat.BoolVal !== undefined) return String(stat.BoolVal);
  if (stat.StringVal !== undefined) return stat.StringVal;
  const part = stat.FloatNumeratorVal ?? stat.IntNumeratorVal;
  const whole = stat.FloatDenominatorVal ?? stat.IntDenominatorVal;
  if (part === undefined) return "<unknown>";
  const text = whole === undefined ? decimal(part) : `${decimal(part)} / ${decimal(whole)}`;
  return withUnit(text, stat.Unit);
}

/** Other servers leave out what is not set. */
export function attributeText(value: Partial<DeviceAttribute>): string {
  const { Float: float, Int: whole, String: text, Bool: truth, Unit: unit } = value;
  if (typeof float === "number") return withUnit(decimal(float), unit);
  if (typeof whole === "number") return withUnit(String(whole), unit);
  return text ?? (typeof truth === "boolean" ? String(truth) : "<unknown>");
}

/** Each device with its summary. */
export const deviceRows = (stats: readonly DeviceGroupStats[]): Pairs =>
  stats
    .flatMap((group) =>
      Object.entries(group.InstanceStats).map(
        ([id, { Summary }]) => [qualified(group, id), statText(Summary)] as const,
      ),
    )
    .sort(byFirst);

/** Each device of a node; one that has no figures stands there without. */
export function nodeDeviceRows(
  devices: readonly NodeDeviceResource[],
  stats: readonly DeviceGroupStats[],
): Pairs {
  const known = new Map(deviceRows(stats));
  return devices
    .flatMap((group) => group.Instances.map(({ ID }) => qualified(group, ID)))
    .map((id) => [id, known.get(id) ?? ""] as const)
    .sort(byFirst);
}

/** For each device all that is measured, its name first. */
export const deviceStatLists = (stats: readonly DeviceGroupStats[]): readonly Pairs[] =>
  stats.flatMap((group) =>
    Object.entries(group.InstanceStats).map(([id, { Stats }]): Pairs => [
      ["Device", qualified(group, id)],
      ...Object.entries(Stats.Attributes)
        .map(([name, stat]) => [name, statText(stat)] as const)
        .sort(byFirst),
    ]),
  );

/** For each model of a node what its devices have in common, the model first. */
export const deviceAttributeLists = (devices: readonly NodeDeviceResource[]): readonly Pairs[] =>
  devices
    .map(({ Vendor, Type, Name, Attributes }) => ({
      id: `${Vendor}/${Type}/${Name}`,
      attributes: Object.entries(Attributes ?? {}),
    }))
    .filter(({ attributes }) => attributes.length > 0)
    .sort((a, b) => byFirst([a.id, ""], [b.id, ""]))
    .map(({ id, attributes }): Pairs => [
      ["Device Group", id],
      ...attributes.map(([name, value]) => [name, attributeText(value)] as const).sort(byFirst),
    ]);
