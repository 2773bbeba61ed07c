import type { AllocationId, JobId, NodeId } from "./ids.ts";

/** One instance of a service as the built-in catalogue has it, with the names of the wire. */
export interface ServiceRegistration {
  /** `_nomad-task-<allocation>-<task or group-<group>>-<service>-<port label>` */
  readonly ID: string;
  readonly ServiceName: string;
  readonly Namespace: string;
  readonly NodeID: NodeId;
  readonly Datacenter: string;
  readonly JobID: JobId;
  readonly AllocID: AllocationId;
  readonly Tags: readonly string[];
  readonly Address: string;
  readonly Port: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** How a registration is named where its id alone would not do. */
export interface ServiceKey {
  readonly namespace: string;
  readonly id: string;
}

/** What all instances of one service share; the change feed names services so. */
export const serviceNameText = (namespace: string, name: string): string => `${namespace}/${name}`;
