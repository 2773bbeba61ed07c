import type { Json } from "../../../lib/json.ts";
import { list, once, takeHidden } from "./placement-schema.ts";
import type { BlockSpec, DecodedBlock } from "./spec-types.ts";

const portSpec: BlockSpec = {
  labels: ["Label"],
  arguments: {
    static: "Value:int",
    to: "To:int",
    host_network: "HostNetwork:string",
    ignore_collision: "IgnoreCollision:bool",
  },
};
export const networkSpec: BlockSpec = {
  arguments: {
    mode: "Mode:string",
    device: "Device:string",
    cidr: "CIDR:string",
    ip: "IP:string",
    hostname: "Hostname:string",
    mbits: "MBits:int?",
  },
  blocks: {
    port: list("$ports", portSpec),
    reserved_ports: list("$reserved", portSpec),
    dns: once("DNS", {
      arguments: {
        servers: "Servers:strings?",
        searches: "Searches:strings?",
        options: "Options:strings?",
      },
    }),
    cni: once("CNI", { arguments: { args: "Args:stringMap?" } }),
  },
  finish: sortPorts,
};

/** Ports with a number are reserved, and so are all of `reserved_ports`. */
function sortPorts(value: DecodedBlock): DecodedBlock {
  const { rest, hidden } = takeHidden(value);
  const ports = portsOf(hidden.get("ports"));
  const fixed = [...portsOf(hidden.get("reserved")), ...ports.filter(isStatic)];
  const dynamic = ports.filter((port) => !isStatic(port));
  if (fixed.length > 0) rest["ReservedPorts"] = fixed;
  if (dynamic.length > 0) rest["DynamicPorts"] = dynamic;
  return rest;
}

const portsOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function isStatic(port: Json): boolean {
  if (typeof port !== "object" || port === null || Array.isArray(port)) return false;
  const value = (port as { readonly [key: string]: Json })["Value"];
  return typeof value === "number" && value > 0;
}
