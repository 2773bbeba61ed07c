import type { Json, JsonObject } from "../../lib/json.ts";
import { isObject } from "./decode-config.ts";

/** What the command line gives: a flag's text, true for a bare switch, or all texts of a repeatable one. */
export type FlagValue = string | boolean | readonly string[];
export interface FlagValues {
  readonly [flag: string]: FlagValue;
}

interface FlagTarget {
  readonly key: string;
  readonly kind: "text" | "int" | "switch" | "duration" | "commas" | "repeat" | "pairs";
}
const text = (key: string): FlagTarget => ({ key, kind: "text" });
const flag = (key: string): FlagTarget => ({ key, kind: "switch" });
const int = (key: string): FlagTarget => ({ key, kind: "int" });
const repeat = (key: string): FlagTarget => ({ key, kind: "repeat" });

/** Which configuration key each published flag of `nomad agent` sets. */
export const agentFlags: { readonly [flag: string]: FlagTarget } = {
  bind: text("bind_addr"),
  region: text("region"),
  dc: text("datacenter"),
  node: text("name"),
  "data-dir": text("data_dir"),
  "plugin-dir": text("plugin_dir"),
  "log-level": text("log_level"),
  "log-json": flag("log_json"),
  "log-include-location": flag("log_include_location"),
  server: flag("server.enabled"),
  "bootstrap-expect": int("server.bootstrap_expect"),
  encrypt: text("server.encrypt"),
  "raft-protocol": int("server.raft_protocol"),
  rejoin: flag("server.rejoin_after_leave"),
  join: repeat("server.server_join.start_join"),
  "retry-join": repeat("server.server_join.retry_join"),
  "retry-max": int("server.server_join.retry_max"),
  "retry-interval": { key: "server.server_join.retry_interval", kind: "duration" },
  client: flag("client.enabled"),
  "state-dir": text("client.state_dir"),
  "alloc-dir": text("client.alloc_dir"),
  "alloc-mounts-dir": text("client.alloc_mounts_dir"),
  "host-volumes-dir": text("client.host_volumes_dir"),
  "host-volume-plugin-dir": text("client.host_volume_plugin_dir"),
  "node-class": text("client.node_class"),
  "node-pool": text("client.node_pool"),
  servers: { key: "client.servers", kind: "commas" },
  meta: { key: "client.meta", kind: "pairs" },
  "network-interface": text("client.network_interface"),
  "preferred-address-family": text("client.preferred_address_family"),
  "network-speed": int("client.network_speed"),
  "acl-enabled": flag("acl.enabled"),
  "acl-replication-token": text("acl.replication_token"),
  "jobs-dir": text("jobs.dir"),
};

export type FlagsResult =
  | { readonly ok: true; readonly values: JsonObject }
  | { readonly ok: false; readonly error: string };

/** Turns flags into one more configuration source. Flags that set no key are left to the caller. */
export function flagsToConfig(
  flags: FlagValues,
  parseDuration: (text: string) => number | undefined,
): FlagsResult {
  const values: { [key: string]: Json } = {};
  for (const [name, given] of Object.entries(flags)) {
    const target = agentFlags[name];
    if (target === undefined) continue;
    const value = convert(target, given, parseDuration);
    if (value === undefined)
      return { ok: false, error: `invalid value ${JSON.stringify(given)} for flag -${name}` };
    place(values, target.key.split("."), value);
  }
  return { ok: true, values };
}

function convert(
  target: FlagTarget,
  given: FlagValue,
  parseDuration: (text: string) => number | undefined,
): Json | undefined {
  const words = typeof given === "object" ? given : [String(given)];
  const [first = ""] = words;
  switch (target.kind) {
    case "text":
      return first;
    case "switch":
      return given === true || first === "true";
    case "int":
      return /^-?\d+$/.test(first) ? Number(first) : undefined;
    case "duration":
      return parseDuration(first);
    case "commas":
      return words.flatMap((word) => word.split(",")).filter((word) => word !== "");
    case "repeat":
      return words;
    case "pairs":
      return pairs(words);
    default:
      return target.kind satisfies never;
  }
}

function pairs(words: readonly string[]): JsonObject | undefined {
  const out: { [key: string]: Json } = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at <= 0) return undefined;
    out[word.slice(0, at)] = word.slice(at + 1);
  }
  return out;
}

function place(values: { [key: string]: Json }, path: readonly string[], value: Json): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    values[head] = value;
    return;
  }
  const inner = values[head];
  const next: { [key: string]: Json } = isObject(inner) ? { ...inner } : {};
  place(next, rest, value);
  values[head] = next;
}
