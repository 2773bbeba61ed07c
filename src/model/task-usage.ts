import type { DeviceGroupStats } from "./device.ts";

/** What a running task uses, as its driver measures it. */
export interface TaskUsage extends Usage {
  /** By process id, where the driver sees the processes of a task one by one. */
  readonly processes?: { readonly [pid: string]: Usage };
  /** Of the devices that it holds. */
  readonly devices?: readonly DeviceGroupStats[];
}
export interface Usage {
  readonly cpuPercent: number;
  readonly cpuTotalTicks: number;
  readonly systemMode: number;
  readonly userMode: number;
  readonly throttledPeriods: number;
  readonly throttledTime: number;
  readonly memory: {
    readonly rss: number;
    readonly cache: number;
    readonly swap: number;
    readonly usage: number;
    readonly maxUsage: number;
  };
}
