import {
  bool,
  duration,
  free,
  listOf,
  many,
  one,
  openBool,
  openDuration,
  openInt8,
  openText,
  openWhole,
  schema,
  shownAs,
  text,
  textMap,
  texts,
  uint8,
  whole,
} from "./schema.ts";

const second = 1e9;
const minute = 60e9;

/** Shapes that occur in several places of a job. */
export const constraintSchema = schema("Constraint", {
  LTarget: text(),
  RTarget: text(),
  Operand: text(),
});

export const affinitySchema = schema("Affinity", {
  LTarget: text(),
  RTarget: text(),
  Operand: text(),
  Weight: openInt8({ canonical: 50 }),
});

export const spreadSchema = schema("Spread", {
  Attribute: text(),
  Weight: openInt8({ canonical: 50 }),
  SpreadTarget: many(schema("SpreadTarget", { Value: text(), Percent: uint8() })),
});

export const updateSchema = schema("UpdateStrategy", {
  Stagger: openDuration({ canonical: 30 * second, listed: false }),
  MaxParallel: openWhole({ canonical: 1 }),
  HealthCheck: openText({ canonical: "checks" }),
  MinHealthyTime: openDuration({ canonical: 10 * second }),
  HealthyDeadline: openDuration({ canonical: 5 * minute }),
  ProgressDeadline: openDuration({ canonical: 10 * minute }),
  AutoRevert: openBool({ canonical: false }),
  AutoPromote: openBool({ canonical: false }),
  Canary: openWhole({ canonical: 0 }),
});

export const migrateSchema = schema("MigrateStrategy", {
  MaxParallel: openWhole({ canonical: 1 }),
  HealthCheck: openText({ canonical: "checks" }),
  MinHealthyTime: openDuration({ canonical: 10 * second }),
  HealthyDeadline: openDuration({ canonical: 5 * minute }),
});

/** Their defaults hang on the job's type: see canonical-policies.ts. */
export const rescheduleSchema = schema("ReschedulePolicy", {
  Attempts: openWhole(),
  Interval: openDuration(),
  Delay: openDuration(),
  DelayFunction: openText(),
  MaxDelay: openDuration(),
  Unlimited: openBool(),
});
export const restartSchema = schema("RestartPolicy", {
  Attempts: openWhole(),
  Interval: openDuration(),
  Delay: openDuration(),
  Mode: openText(),
  RenderTemplates: openBool({ canonical: false }),
});

export const identitySchema = schema("WorkloadIdentity", {
  Name: text(),
  Audience: texts({ diff: shownAs("Audience", "texts") }),
  ChangeMode: text(),
  ChangeSignal: text(),
  Env: bool(),
  File: bool(),
  Filepath: text(),
  ServiceName: text(),
  TTL: duration(),
  ExtraClaims: texts({ diff: shownAs("ExtraClaims", "texts") }),
});

export const consulSchema = schema("Consul", {
  Namespace: text(),
  Cluster: text({ canonical: "default" }),
  Partition: text(),
});

export const scalingSchema = schema("ScalingPolicy", {
  ID: text({ listed: false }),
  Type: text({ listed: false }),
  Target: textMap({ listed: false }),
  Policy: free({ listed: false, diff: shownAs("Policy", "flat") }),
  Min: openWhole(),
  // What nobody wrote is no maximum of 0; validation wants one.
  Max: openWhole({ stored: -1 }),
  Enabled: openBool({ canonical: true }),
  Namespace: text({ stored: undefined }),
  CreateIndex: whole({ listed: false }),
  ModifyIndex: whole({ listed: false }),
});

/** The diff shows the number of static ports only. */
const portFields = (isStatic: boolean) => ({
  Label: text(),
  Value: whole({ listed: isStatic }),
  To: whole(),
  HostNetwork: text(),
  IgnoreCollision: bool({ listed: isStatic }),
});
const staticPortSchema = schema("Port", portFields(true));
const dynamicPortSchema = schema("Port", portFields(false));

const dnsSchema = schema("DNSConfig", { Servers: texts(), Searches: texts(), Options: texts() });

export const networkSchema = schema("NetworkResource", {
  Mode: text(),
  Device: text({ listed: false }),
  CIDR: text({ listed: false }),
  IP: text({ listed: false }),
  Hostname: text(),
  MBits: openWhole({ listed: false }),
  DNS: one(dnsSchema, { diff: shownAs("DNS", "joined", 1) }),
  ReservedPorts: many(staticPortSchema, { diff: shownAs("Static Port", "content") }),
  DynamicPorts: many(dynamicPortSchema, { diff: shownAs("Dynamic Port", "content") }),
  CNI: one(schema("CNIConfig", { Args: textMap() }), { diff: shownAs("CNIConfig", "one", 2) }),
});

const requestedDeviceSchema = schema("RequestedDevice", {
  Name: text(),
  Count: openWhole({ canonical: 1 }),
  Constraints: many(constraintSchema),
  Affinities: many(affinitySchema),
});

const numaSchema = schema("NUMAResource", {
  Affinity: text({ canonical: "none" }),
  Devices: texts({ diff: shownAs("Devices", "texts") }),
});

/** CPU depends on Cores: see canonical-task.ts. */
export const resourcesSchema = schema("Resources", {
  CPU: openWhole(),
  Cores: openWhole({ canonical: 0 }),
  MemoryMB: openWhole({ canonical: 300 }),
  MemoryMaxMB: openWhole(),
  DiskMB: openWhole(),
  IOPS: openWhole(),
  Networks: many(networkSchema, { diff: shownAs("Network", "content") }),
  Devices: many(requestedDeviceSchema, { diff: shownAs("Device", "content") }),
  NUMA: one(numaSchema, { diff: shownAs("NUMA", "one") }),
  SecretsMB: openWhole(),
});

export const logConfigSchema = schema("LogConfig", {
  MaxFiles: openWhole({ canonical: 10 }),
  MaxFileSizeMB: openWhole({ canonical: 10 }),
  Enabled: openBool({ stored: undefined }),
  Disabled: openBool({ canonical: false }),
});

export const volumeMountSchema = schema("VolumeMount", {
  Volume: openText({ canonical: "" }),
  Destination: openText({ canonical: "" }),
  ReadOnly: openBool({ canonical: false }),
  PropagationMode: openText({ canonical: "private" }),
  SELinuxLabel: openText({ canonical: "" }),
});

export const wholeList = listOf({ kind: "whole", min: 0, max: 65_535 });
