import {
  affinitySchema,
  constraintSchema,
  consulSchema,
  migrateSchema,
  networkSchema,
  rescheduleSchema,
  restartSchema,
  scalingSchema,
  spreadSchema,
  updateSchema,
} from "./common-schema.ts";
import {
  bool,
  many,
  manyByName,
  one,
  openBool,
  openCount,
  openDuration,
  openText,
  openWhole,
  schema,
  text,
  textMap,
  texts,
  whole,
} from "./schema.ts";
import { serviceSchema } from "./service-schema.ts";
import { taskSchema } from "./task-schema.ts";

const periodicSchema = schema("PeriodicConfig", {
  Enabled: openBool({ canonical: true }),
  Spec: openText({ canonical: "" }),
  Specs: texts({ canonical: [] }),
  SpecType: openText({ canonical: "cron" }),
  ProhibitOverlap: openBool({ canonical: false }),
  TimeZone: openText({ canonical: "UTC" }),
});

const regionSchema = schema("MultiregionRegion", {
  Name: text(),
  Count: openWhole({ canonical: 1 }),
  Datacenters: texts({ canonical: [] }),
  NodePool: text(),
  Meta: textMap({ canonical: {} }),
});
const multiregionSchema = schema("Multiregion", {
  Strategy: one(
    schema("MultiregionStrategy", {
      MaxParallel: openWhole({ canonical: 0 }),
      OnFailure: openText({ canonical: "" }),
    }),
    { canonical: {} },
  ),
  Regions: many(regionSchema, { canonical: [] }),
});

const ephemeralDiskSchema = schema("EphemeralDisk", {
  Sticky: openBool({ canonical: false }),
  SizeMB: openWhole({ canonical: 300 }),
  Migrate: openBool({ canonical: false }),
});

const disconnectSchema = schema("DisconnectStrategy", {
  LostAfter: openDuration(),
  StopOnClientAfter: openDuration({ stored: null }),
  Replace: openBool({ canonical: true, stored: null }),
  Reconcile: openText({ canonical: "best_score" }),
});

const volumeRequestSchema = schema("VolumeRequest", {
  Name: text(),
  Type: text(),
  Source: text(),
  ReadOnly: bool(),
  Sticky: bool(),
  AccessMode: text(),
  AttachmentMode: text(),
  MountOptions: one(schema("CSIMountOptions", { FSType: text(), MountFlags: texts() })),
  PerAlloc: bool(),
});

export const groupSchema = schema("TaskGroup", {
  Name: text(),
  Count: openWhole(),
  Update: one(updateSchema),
  Migrate: one(migrateSchema),
  Constraints: many(constraintSchema),
  Scaling: one(scalingSchema),
  RestartPolicy: one(restartSchema),
  Disconnect: one(disconnectSchema),
  Tasks: many(taskSchema, { stored: [] }),
  EphemeralDisk: one(ephemeralDiskSchema, { canonical: {} }),
  Meta: textMap(),
  ReschedulePolicy: one(rescheduleSchema),
  Affinities: many(affinitySchema),
  Spreads: many(spreadSchema),
  Networks: many(networkSchema),
  Consul: one(consulSchema),
  Services: many(serviceSchema),
  Volumes: manyByName(volumeRequestSchema),
  ShutdownDelay: openDuration({ stored: null }),
  MaxRunDuration: openDuration({ stored: null }),
  StopAfterClientDisconnect: openDuration({ stored: null }),
  MaxClientDisconnect: openDuration({ stored: null }),
  PreventRescheduleOnLost: openBool(),
});

const uiLinkSchema = schema("JobUILink", { Label: text(), URL: text({ storedName: "Url" }) });
const uiSchema = schema("JobUIConfig", { Description: text(), Links: many(uiLinkSchema) });

const versionTagSchema = schema("JobVersionTag", {
  Name: text(),
  Description: text(),
  TaggedTime: whole(),
});

export const jobSchema = schema("Job", {
  Stop: openBool({ canonical: false }),
  Region: openText({ canonical: "global" }),
  Namespace: openText({ canonical: "default" }),
  ID: openText({ canonical: "", listed: false }),
  ParentID: openText({ canonical: "" }),
  Name: openText({ canonical: "" }),
  Type: openText({ canonical: "service" }),
  Priority: openWhole({ canonical: 50 }),
  AllAtOnce: openBool({ canonical: false }),
  Datacenters: texts({ stored: [] }),
  NodePool: openText({ canonical: "" }),
  Constraints: many(constraintSchema),
  Affinities: many(affinitySchema),
  Spreads: many(spreadSchema),
  TaskGroups: many(groupSchema, { stored: [] }),
  Update: one(updateSchema),
  Multiregion: one(multiregionSchema),
  Periodic: one(periodicSchema),
  ParameterizedJob: one(
    schema("ParameterizedJobConfig", {
      Payload: text(),
      MetaRequired: texts(),
      MetaOptional: texts(),
    }),
  ),
  Reschedule: one(rescheduleSchema, { stored: undefined }),
  Migrate: one(migrateSchema, { stored: undefined }),
  Dispatched: bool(),
  DispatchIdempotencyToken: openText(),
  Payload: openText({ stored: null, listed: false }),
  Meta: textMap(),
  ConsulToken: openText({ stored: undefined }),
  ConsulNamespace: openText({ canonical: "" }),
  VaultToken: openText({ stored: undefined }),
  VaultNamespace: openText({ canonical: "" }),
  NomadTokenID: openText({ canonical: "", listed: false }),
  Status: openText({ canonical: "", listed: false }),
  StatusDescription: openText({ canonical: "", listed: false }),
  Stable: openBool({ canonical: false, listed: false }),
  Version: openCount({ canonical: 0, listed: false }),
  SubmitTime: openWhole({ listed: false }),
  CreateIndex: openCount({ canonical: 0, listed: false }),
  ModifyIndex: openCount({ canonical: 0, listed: false }),
  JobModifyIndex: openCount({ canonical: 0, listed: false }),
  UI: one(uiSchema),
  VersionTag: one(versionTagSchema),
});
