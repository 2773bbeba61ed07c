import type { DeviceAttribute } from "./node.ts";

/** What the devices of one model are at now, each by its id. */
export interface DeviceGroupStats {
  readonly Vendor: string;
  readonly Type: string;
  readonly Name: string;
  readonly InstanceStats: { readonly [id: string]: DeviceStats };
}
export interface DeviceStats {
  readonly Summary: DeviceStat;
  readonly Stats: {
    readonly Nested: null;
    readonly Attributes: { readonly [name: string]: DeviceStat };
  };
  /** RFC 3339. */
  readonly Timestamp: string;
}
/** A number, perhaps as a part of another one, or a text where there is no number. */
export interface DeviceStat {
  readonly IntNumeratorVal?: number;
  readonly IntDenominatorVal?: number;
  readonly StringVal?: string;
  readonly Unit: string;
  readonly Desc: string;
}

const unset: DeviceAttribute = { Float: null, Int: null, String: null, Bool: null, Unit: "" };

export const textAttribute = (text: string): DeviceAttribute => ({ ...unset, String: text });
export const boolAttribute = (value: boolean): DeviceAttribute => ({ ...unset, Bool: value });
export const intAttribute = (value: number, unit: string): DeviceAttribute => ({
  ...unset,
  Int: value,
  Unit: unit,
});
export const floatAttribute = (value: number, unit: string): DeviceAttribute => ({
  ...unset,
  Float: value,
  Unit: unit,
});
