/** Values of devices: numbers with units, texts and truths, and how they compare. */
import {
  boolAttribute,
  floatAttribute,
  intAttribute,
  textAttribute,
} from "../../../model/device.ts";
import type { DeviceAttribute } from "../../../model/node.ts";

type Base = "bytes" | "byte rate" | "hertz" | "watts";
interface Unit {
  readonly base: Base;
  readonly factor: number;
}

const powers = (names: string, base: Base, step: number, from = 1): [string, Unit][] =>
  names.split(" ").map((name, at) => [name, { base, factor: step ** (at + from) }]);

const units: ReadonlyMap<string, Unit> = new Map([
  ...powers("KiB MiB GiB TiB PiB EiB", "bytes", 1024),
  ...powers("kB MB GB TB PB EB", "bytes", 1000),
  ...powers("KB", "bytes", 1000),
  ...powers("KiB/s MiB/s GiB/s TiB/s PiB/s EiB/s", "byte rate", 1024),
  ...powers("kB/s MB/s GB/s TB/s PB/s EB/s", "byte rate", 1000),
  ...powers("KB/s", "byte rate", 1000),
  ...powers("MHz GHz", "hertz", 1000, 2),
  ...powers("mW W kW MW GW", "watts", 1000, 0),
]);
/** `MiB/s` ends with no other unit, but `mW` ends with `W`: the longest name is meant. */
const byLength = [...units.keys()].toSorted((a, b) => b.length - a.length);

const whole = /^[+-]?\d{1,18}$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const truths: ReadonlyMap<string, boolean> = new Map([
  ...["t", "T", "true", "TRUE", "True"].map((text): [string, boolean] => [text, true]),
  ...["f", "F", "false", "FALSE", "False"].map((text): [string, boolean] => [text, false]),
]);

/** `4 GiB`, `300`, `true` or any other text, as job files write them. */
export function parseDeviceValue(text: string): DeviceAttribute {
  const unit = byLength.find((name) => text.endsWith(name)) ?? "";
  const number = unit === "" ? text : text.slice(0, -unit.length).trim();
  if (whole.test(number)) return intAttribute(Number(number), unit);
  if (decimal.test(number)) return floatAttribute(Number(number), unit);
  const truth = truths.get(text);
  return truth === undefined ? textAttribute(text) : boolAttribute(truth);
}

/** Below, at or above zero; undefined when the two cannot be compared: other kinds, or units of other things. */
export function compareDeviceValues(a: DeviceAttribute, b: DeviceAttribute): number | undefined {
  const [left, right] = [units.get(a.Unit), units.get(b.Unit)];
  if (left?.base !== right?.base) return undefined;
  if (a.Bool !== null) return b.Bool === null ? undefined : Number(a.Bool !== b.Bool);
  if (a.String !== null) {
    if (b.String === null) return undefined;
    return a.String < b.String ? -1 : Number(a.String > b.String);
  }
  const [first, second] = [a.Int ?? a.Float, b.Int ?? b.Float];
  if (first === null || second === null) return undefined;
  return Math.sign(first * (left?.factor ?? 1) - second * (right?.factor ?? 1));
}
