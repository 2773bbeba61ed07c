import {
  affinitySchema,
  constraintSchema,
  consulSchema,
  identitySchema,
  logConfigSchema,
  resourcesSchema,
  restartSchema,
  scalingSchema,
  volumeMountSchema,
} from "./common-schema.ts";
import {
  bool,
  duration,
  free,
  many,
  one,
  openBool,
  openDuration,
  openText,
  openWhole,
  schema,
  shownAs,
  text,
  textMap,
  texts,
} from "./schema.ts";
import { serviceSchema } from "./service-schema.ts";

const vaultSchema = schema("Vault", {
  Policies: texts({ stored: undefined }),
  Role: text(),
  Namespace: openText({ canonical: "" }),
  Cluster: text({ canonical: "default" }),
  Env: openBool({ canonical: true }),
  DisableFile: openBool({ canonical: false }),
  ChangeMode: openText({ canonical: "restart" }),
  ChangeSignal: openText({ canonical: "SIGHUP" }),
  AllowTokenExpiration: openBool({ canonical: false }),
});

const changeScriptSchema = schema("ChangeScript", {
  Command: openText({ canonical: "" }),
  Args: texts({ canonical: [], diff: shownAs("Args", "texts") }),
  Timeout: openDuration({ canonical: 5e9 }),
  FailOnError: openBool({ canonical: false }),
  RunOnFirstRender: openBool({ canonical: false }),
});

export const templateSchema = schema("Template", {
  SourcePath: openText({ canonical: "" }),
  DestPath: openText({ canonical: "" }),
  EmbeddedTmpl: openText({ canonical: "" }),
  ChangeMode: openText({ canonical: "restart" }),
  ChangeSignal: openText(),
  ChangeScript: one(changeScriptSchema, { diff: shownAs("ChangeScript", "one", 1) }),
  Once: bool(),
  Splay: openDuration({ canonical: 5e9 }),
  Perms: openText({ canonical: "0644" }),
  Uid: openWhole({ stored: null }),
  Gid: openWhole({ stored: null }),
  LeftDelim: openText({ canonical: "{{" }),
  RightDelim: openText({ canonical: "}}" }),
  Envvars: openBool({ canonical: false }),
  VaultGrace: openDuration({ canonical: 0 }),
  Wait: one(
    schema("WaitConfig", {
      Min: openDuration({ stored: null }),
      Max: openDuration({ stored: null }),
    }),
    { diff: shownAs("Template", "one") },
  ),
  ErrMissingKey: openBool({ canonical: false }),
});

export const artifactSchema = schema("TaskArtifact", {
  GetterSource: openText({ canonical: "" }),
  GetterOptions: textMap(),
  GetterHeaders: textMap(),
  GetterMode: openText({ canonical: "any" }),
  GetterInsecure: openBool({ canonical: false }),
  RelativeDest: openText(),
  Chown: bool(),
});

const secretSchema = schema("Secret", {
  Name: text(),
  Provider: text(),
  Path: text(),
  Config: free(),
  Env: textMap(),
});

const csiPluginSchema = schema("TaskCSIPluginConfig", {
  ID: text(),
  Type: text(),
  MountDir: text({ canonical: "/csi" }),
  StagePublishBaseDir: text({ canonical: "/local/csi" }),
  HealthTimeout: duration({ canonical: 30e9 }),
});

const actionSchema = schema("Action", {
  Name: text(),
  Command: text(),
  Args: texts({ diff: shownAs("Args", "texts") }),
});

const cronSchema = schema("TaskScheduleCron", { Start: text(), End: text(), Timezone: text() });

export const taskSchema = schema("Task", {
  Name: text({ listed: false }),
  Driver: text(),
  User: text(),
  Config: free({ listed: false, diff: shownAs("Config", "flat", 3) }),
  Env: textMap(),
  Services: many(serviceSchema, { diff: shownAs("Service", "services", 8) }),
  Vault: one(vaultSchema, { diff: shownAs("Vault", "one", 9) }),
  Secrets: many(secretSchema, { diff: shownAs("Secret", { key: "Name" }, 17) }),
  Consul: one(consulSchema, { diff: shownAs("Consul", "one", 10) }),
  Templates: many(templateSchema, { diff: shownAs("Template", { key: "DestPath" }, 11) }),
  Constraints: many(constraintSchema, { diff: shownAs("Constraint", "content", 1) }),
  Affinities: many(affinitySchema, { diff: shownAs("Affinity", "content", 2) }),
  Resources: one(resourcesSchema, { canonical: {}, diff: shownAs("Resources", "one", 4) }),
  RestartPolicy: one(restartSchema),
  DispatchPayload: one(schema("DispatchPayloadConfig", { File: text() }), {
    diff: shownAs("DispatchPayload", "one", 6),
  }),
  Lifecycle: one(schema("TaskLifecycleConfig", { Hook: text(), Sidecar: bool() })),
  Meta: textMap(),
  KillTimeout: openDuration({ canonical: 5e9 }),
  LogConfig: one(logConfigSchema, { canonical: {}, diff: shownAs("LogConfig", "one", 5) }),
  Artifacts: many(artifactSchema, { diff: shownAs("Artifact", { key: "RelativeDest" }, 7) }),
  Leader: bool(),
  ShutdownDelay: duration(),
  VolumeMounts: many(volumeMountSchema, { diff: shownAs("VolumeMount", "position", 16) }),
  ScalingPolicies: many(scalingSchema),
  KillSignal: text(),
  Kind: text(),
  CSIPluginConfig: one(csiPluginSchema),
  Identity: one(identitySchema, { diff: shownAs("Identity", "one", 12) }),
  Identities: many(identitySchema, { diff: shownAs("Identity", { key: "Name" }, 13) }),
  Actions: many(actionSchema, { diff: shownAs("Action", "position", 14) }),
  Schedule: one(schema("TaskSchedule", { Cron: one(cronSchema) })),
});
