import { arch, availableParallelism, platform } from "node:os";
import { formatDuration } from "../lib/duration.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import type { ConfigFields, ConfigKind } from "./core/config-types.ts";
import { isObject } from "./core/decode-config.ts";
import { isSecret, wireName } from "./core/wire-name.ts";
import { agentConfigSchema } from "./schema/agent-keys.ts";
import { integrationsOf } from "./self-integrations.ts";
import type { Settings } from "./settings.ts";

export interface SelfFacts {
  readonly settings: Settings;
  readonly isDev: boolean;
  readonly isServer: boolean;
  readonly isClient: boolean;
  readonly dataDir: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly ports: { readonly http: number; readonly rpc: number; readonly serf: number };
  readonly advertise: { readonly http: string; readonly rpc: string; readonly serf: string };
}

/** What `/v1/agent/self` says of the configuration: every key of the table under its wire name, facts over settings. */
export function selfConfig(facts: SelfFacts): JsonObject {
  const { settings } = facts;
  const known = overlay(derived(settings, agentConfigSchema, ""), integrationsOf(settings));
  return overlay(overlay(known, absent), factsOf(facts));
}

/** What this house has not: the wire's clients still look for these keys. */
const absent: JsonObject = {
  Client: { Fingerprinters: [], IntroToken: "" },
  Server: { LicenseEnv: "" },
  TLSConfig: { Checksum: "", KeyLoader: {} },
  Eventlog: { Enabled: false, Level: "INFO" },
  Reporting: {
    License: {},
    ExportInterval: 0,
    NonProduction: false,
    SnapshotRetentionTime: 0,
    SnapshotRetentionTimeHCL: "",
  },
};

function derived(settings: Settings, fields: ConfigFields, prefix: string): JsonObject {
  const entries = Object.entries(fields).flatMap(([key, field]): readonly [string, Json][] => {
    const path = `${prefix}${key}`;
    if (key === "*") return [];
    if (field.kind === "duration" && hasTwin(path))
      return [
        [wireName(key), leafValue(settings, path, field.kind)],
        [`${wireName(key)}HCL`, durationText(settings.number(path))],
      ];
    if (field.kind !== "block") return [[wireName(key), leafValue(settings, path, field.kind)]];
    if (field.labeled) return [];
    return [[wireName(key), derived(settings, field.fields, `${path}.`)]];
  });
  return Object.fromEntries(entries);
}

/** Where the wire tells a duration as a text, too. */
const hasTwin = (path: string): boolean =>
  path.startsWith("client.template.") || path.startsWith("rpc.");
const durationText = (ns: number): string => (ns === 0 ? "" : formatDuration(ns));

function leafValue(settings: Settings, path: string, kind: ConfigKind): Json {
  if (isSecret(path)) return settings.text(path) === "" ? "" : "<redacted>";
  switch (kind) {
    case "bool":
      return settings.flag(path);
    case "int":
    case "float":
    case "duration":
      return settings.number(path);
    case "list":
      return settings.list(path);
    case "map":
    case "any":
      return settings.map(path);
    case "string":
      return settings.text(path);
    default:
      return kind satisfies never;
  }
}

function overlay(under: JsonObject, over: JsonObject): JsonObject {
  const both = Object.entries(over).map(([key, value]): [string, Json] => {
    const below = under[key];
    return [key, isObject(below) && isObject(value) ? overlay(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(both) };
}

function factsOf(facts: SelfFacts): JsonObject {
  const { settings } = facts;
  const plugins = settings.values["plugin"];
  const addresses = (of: SelfFacts["advertise"]): JsonObject => ({
    HTTP: of.http,
    RPC: of.rpc,
    Serf: of.serf,
  });
  return {
    Region: settings.text("region"),
    Datacenter: settings.text("datacenter"),
    NodeName: settings.text("name"),
    DataDir: facts.dataDir,
    LogLevel: settings.text("log_level"),
    LogJson: settings.flag("log_json"),
    LogFile: settings.text("log_file"),
    BindAddr: settings.text("bind_addr"),
    DevMode: facts.isDev,
    EnableDebug: settings.flag("enable_debug"),
    Ports: { HTTP: facts.ports.http, RPC: facts.ports.rpc, Serf: facts.ports.serf },
    AdvertiseAddrs: addresses(facts.advertise),
    Addresses: addresses({
      http: settings.text("addresses.http"),
      rpc: settings.text("addresses.rpc"),
      serf: settings.text("addresses.serf"),
    }),
    ACL: { Enabled: settings.flag("acl.enabled") },
    Server: {
      Enabled: facts.isServer,
      BootstrapExpect: settings.number("server.bootstrap_expect"),
    },
    Client: {
      Enabled: facts.isClient,
      NodeClass: settings.text("client.node_class"),
      NodePool: settings.text("client.node_pool"),
      Meta: settings.map("client.meta"),
      Options: settings.map("client.options"),
      NetworkInterface: settings.text("client.network_interface"),
      MinDynamicPort: settings.number("client.min_dynamic_port"),
      MaxDynamicPort: settings.number("client.max_dynamic_port"),
    },
    UI: {
      Enabled: settings.flag("ui.enabled"),
      ShowCLIHints: settings.flag("ui.show_cli_hints"),
      Label: {
        Text: settings.text("ui.label.text"),
        BackgroundColor: settings.text("ui.label.background_color"),
        TextColor: settings.text("ui.label.text_color"),
      },
      Consul: { BaseUIURL: settings.text("ui.consul.ui_url") },
      Vault: { BaseUIURL: settings.text("ui.vault.ui_url") },
    },
    HTTPAPIResponseHeaders: settings.map("http_api_response_headers"),
    LeaveOnInt: settings.flag("leave_on_interrupt"),
    LeaveOnTerm: settings.flag("leave_on_terminate"),
    ConfigPaths: facts.files,
    TLSConfig: { EnableHTTP: settings.flag("tls.http"), EnableRPC: settings.flag("tls.rpc") },
    Jobs: { Dir: settings.text("jobs.dir"), Enabled: settings.flag("jobs.enabled") },
    Files: facts.files,
    Plugins: Object.entries(isObject(plugins) ? plugins : {}).map(([Name, plugin]) => ({
      Name,
      Config: isObject(plugin) ? (plugin["config"] ?? {}) : {},
    })),
    Version: {
      BuildDate: null,
      Revision: "",
      Version: facts.version,
      VersionPrerelease: "",
      VersionMetadata: "",
    },
  };
}

export const runtimeStats = (): { readonly [name: string]: string } => ({
  arch: arch(),
  cpu_count: String(availableParallelism()),
  goroutines: String(process.getActiveResourcesInfo().length),
  "kernel.name": platform(),
  max_procs: String(availableParallelism()),
  version: process.version,
});
