import type { JsonMap, StringMap } from "./job.ts";

export interface Namespace {
  readonly Name: string;
  readonly Description: string;
  readonly Quota: string;
  readonly Capabilities: JsonMap | null;
  readonly NodePoolConfiguration: JsonMap | null;
  readonly VaultConfiguration: JsonMap | null;
  readonly ConsulConfiguration: JsonMap | null;
  readonly Meta: StringMap | null;
  readonly Hash: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
export interface NodePool {
  readonly Name: string;
  readonly Description: string;
  readonly Meta: StringMap | null;
  readonly SchedulerConfiguration: JsonMap | null;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
