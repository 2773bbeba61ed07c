import { arch, availableParallelism, platform } from "node:os";
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

/** What `/v1/agent/self` says of the configuration: the keys that clients read, under their wire names. */
export function selfConfig(facts: SelfFacts): object {
  const { settings } = facts;
  const addresses = (of: SelfFacts["advertise"]): object => ({
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
    Jobs: { Dir: settings.text("jobs.dir"), Enabled: settings.flag("jobs.enabled") },
    Files: facts.files,
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
