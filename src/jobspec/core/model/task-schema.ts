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
  Args: texts({ canonical: [] }),
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
  ChangeScript: one(changeScriptSchema),
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

const cronSchema = schema("TaskScheduleCron", { Start: text(), End: text(), Timezone: text() });

export const taskSchema = schema("Task", {
  Name: text(),
  Driver: text(),
  User: text(),
  Config: free(),
  Env: textMap(),
  Services: many(serviceSchema),
  Vault: one(vaultSchema),
  Secrets: many(secretSchema),
  Consul: one(consulSchema),
  Templates: many(templateSchema),
  Constraints: many(constraintSchema),
  Affinities: many(affinitySchema),
  Resources: one(resourcesSchema, { canonical: {} }),
  RestartPolicy: one(restartSchema),
  DispatchPayload: one(schema("DispatchPayloadConfig", { File: text() })),
  Lifecycle: one(schema("TaskLifecycleConfig", { Hook: text(), Sidecar: bool() })),
  Meta: textMap(),
  KillTimeout: openDuration({ canonical: 5e9 }),
  LogConfig: one(logConfigSchema, { canonical: {} }),
  Artifacts: many(artifactSchema),
  Leader: bool(),
  ShutdownDelay: duration(),
  VolumeMounts: many(volumeMountSchema),
  ScalingPolicies: many(scalingSchema),
  KillSignal: text(),
  Kind: text(),
  CSIPluginConfig: one(csiPluginSchema),
  Identity: one(identitySchema),
  Identities: many(identitySchema),
  Actions: many(schema("Action", { Name: text(), Command: text(), Args: texts() })),
  Schedule: one(schema("TaskSchedule", { Cron: one(cronSchema) })),
});
