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
  openInstant,
  openWhole,
  schema,
  shownAs,
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
  Specs: texts({ canonical: [], diff: shownAs("Specs", "texts") }),
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
  StopOnClientAfter: openDuration({ stored: null, listed: "nil" }),
  Replace: openBool({ canonical: true, stored: null, listed: "nil" }),
  Reconcile: openText({ canonical: "best_score" }),
});

const mountOptionsSchema = schema("CSIMountOptions", {
  FSType: text(),
  MountFlags: texts({ diff: shownAs("MountFlags", "texts") }),
});

const volumeRequestSchema = schema("VolumeRequest", {
  Name: text(),
  Type: text(),
  Source: text(),
  ReadOnly: bool(),
  Sticky: bool(),
  AccessMode: text(),
  AttachmentMode: text(),
  MountOptions: one(mountOptionsSchema, { diff: shownAs("MountOptions", "one") }),
  PerAlloc: bool(),
});

export const groupSchema = schema("TaskGroup", {
  Name: text({ listed: false }),
  Count: openWhole(),
  Update: one(updateSchema, { diff: shownAs("Update", "one", 9) }),
  Migrate: one(migrateSchema, { diff: shownAs("Migrate", "one", 4) }),
  Constraints: many(constraintSchema, { diff: shownAs("Constraint", "content", 1) }),
  Scaling: one(scalingSchema, { diff: shownAs("Scaling", "edits", 11) }),
  RestartPolicy: one(restartSchema, { diff: shownAs("RestartPolicy", "one", 3) }),
  Disconnect: one(disconnectSchema, { diff: shownAs("Disconnect", "one", 5) }),
  Tasks: many(taskSchema, { stored: [] }),
  EphemeralDisk: one(ephemeralDiskSchema, {
    canonical: {},
    diff: shownAs("EphemeralDisk", "one", 7),
  }),
  Meta: textMap(),
  ReschedulePolicy: one(rescheduleSchema, { diff: shownAs("ReschedulePolicy", "one", 6) }),
  Affinities: many(affinitySchema, { diff: shownAs("Affinity", "content", 2) }),
  Spreads: many(spreadSchema),
  Networks: many(networkSchema, { diff: shownAs("Network", "content", 10) }),
  Consul: one(consulSchema, { diff: shownAs("Consul", "one", 8) }),
  Services: many(serviceSchema, { diff: shownAs("Service", "services", 12) }),
  Volumes: manyByName(volumeRequestSchema, { diff: shownAs("Volume", "entries", 13) }),
  ShutdownDelay: openDuration({ stored: null }),
  MaxRunDuration: openDuration({ stored: null, listed: false }),
  StopAfterClientDisconnect: openDuration({ stored: null, listed: false }),
  MaxClientDisconnect: openDuration({ stored: null, listed: false }),
  PreventRescheduleOnLost: openBool(),
});

const uiLinkSchema = schema("JobUILink", { Label: text(), URL: text({ storedName: "Url" }) });
const uiSchema = schema("JobUIConfig", {
  Description: text(),
  Links: many(uiLinkSchema, { diff: shownAs("Link", "position") }),
});

const parameterizedSchema = schema("ParameterizedJobConfig", {
  Payload: text(),
  MetaRequired: texts({ diff: shownAs("MetaRequired", "texts", 2) }),
  MetaOptional: texts({ diff: shownAs("MetaOptional", "texts", 1) }),
});

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
  Datacenters: texts({ stored: [], diff: shownAs("Datacenters", "texts") }),
  NodePool: openText({ canonical: "" }),
  Constraints: many(constraintSchema, { diff: shownAs("Constraint", "content") }),
  Affinities: many(affinitySchema, { diff: shownAs("Affinity", "content") }),
  Spreads: many(spreadSchema),
  TaskGroups: many(groupSchema, { stored: [] }),
  Update: one(updateSchema),
  Multiregion: one(multiregionSchema),
  Periodic: one(periodicSchema, { diff: shownAs("Periodic", "one") }),
  ParameterizedJob: one(parameterizedSchema, { diff: shownAs("ParameterizedJob", "one") }),
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
  SubmitTime: openInstant({ listed: false }),
  CreateIndex: openCount({ canonical: 0, listed: false }),
  ModifyIndex: openCount({ canonical: 0, listed: false }),
  JobModifyIndex: openCount({ canonical: 0, listed: false }),
  UI: one(uiSchema, { diff: shownAs("UI", "one") }),
  VersionTag: one(versionTagSchema),
});
