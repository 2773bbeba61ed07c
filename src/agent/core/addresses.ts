import type { Addresses } from "./banner.ts";

export interface Interface {
  readonly name: string;
  readonly address: string;
  readonly family: "IPv4" | "IPv6";
  readonly isInternal: boolean;
}
export interface AddressSettings {
  readonly bindAddr: string;
  readonly addresses: Addresses;
  readonly advertise: Addresses;
  readonly ports: { readonly http: number; readonly rpc: number; readonly serf: number };
}
export interface ResolvedAddresses {
  /** The HTTP listener may have several addresses. */
  readonly httpHosts: readonly string[];
  readonly bind: Addresses;
  readonly advertise: Addresses;
  /** An advertised address that nobody wrote down is a loopback one. */
  readonly advertiseIsLoopback: boolean;
}
export type AddressResult =
  | { readonly ok: true; readonly addresses: ResolvedAddresses }
  | { readonly ok: false; readonly error: string };

const kinds = ["http", "rpc", "serf"] as const;

/** Which addresses to listen on and which to tell others: a wildcard advertises the private address. */
export function resolveAddresses(
  settings: AddressSettings,
  interfaces: readonly Interface[],
): AddressResult {
  const { ports } = settings;
  const bind: { [kind in (typeof kinds)[number]]?: readonly string[] } = {};
  const advertise: { [kind in (typeof kinds)[number]]?: string } = {};
  let advertiseIsLoopback = false;
  for (const kind of kinds) {
    const listed = expandHosts(settings.addresses[kind] || settings.bindAddr, interfaces);
    if (typeof listed === "string")
      return { ok: false, error: `invalid ${kind} address: ${listed}` };
    const [first = ""] = listed;
    bind[kind] = kind === "http" ? listed : [first];
    const written = expandHosts(settings.advertise[kind], interfaces);
    if (typeof written === "string")
      return { ok: false, error: `invalid ${kind} advertise address: ${written}` };
    const host = written[0] ?? (isWildcard(first) ? privateAddress(interfaces) : first);
    if (host === undefined)
      return {
        ok: false,
        error: `no address to advertise for ${kind}: set advertise { ${kind} = "ip" }`,
      };
    if (written.length === 0 && isLoopback(host)) advertiseIsLoopback = true;
    advertise[kind] = hasPort(host) ? host : joinPort(host, ports[kind]);
  }
  const bound = (kind: (typeof kinds)[number]): string =>
    (bind[kind] ?? []).map((host) => joinPort(host, ports[kind])).join(" ");
  return {
    ok: true,
    addresses: {
      httpHosts: bind.http ?? [],
      bind: { http: bound("http"), rpc: bound("rpc"), serf: bound("serf") },
      advertise: {
        http: advertise.http ?? "",
        rpc: advertise.rpc ?? "",
        serf: advertise.serf ?? "",
      },
      advertiseIsLoopback,
    },
  };
}

/** Space-separated addresses, each perhaps a go-sockaddr template; a text answer says what is wrong. */
function expandHosts(text: string, interfaces: readonly Interface[]): readonly string[] | string {
  const expanded: string[] = [];
  for (const part of text.match(/\{\{.*?\}\}(?::\d+)?|\S+/g) ?? []) {
    const template = /^\{\{\s*(\w+)(?:\s+["`]([^"`]+)["`])?\s*\}\}(:\d+)?$/.exec(part);
    if (template === null) {
      if (part.includes("{{")) return `the template ${part} is not understood`;
      expanded.push(part);
      continue;
    }
    const [, name = "", argument = "", port = ""] = template;
    const found = templateAddress(name, argument, interfaces);
    if (found === undefined) return `the template ${part} finds no address`;
    expanded.push(`${found}${port}`);
  }
  return expanded;
}

function templateAddress(
  name: string,
  argument: string,
  interfaces: readonly Interface[],
): string | undefined {
  switch (name) {
    case "GetPrivateIP":
      return privateAddress(interfaces);
    case "GetPublicIP":
      return interfaces.find((entry) => isPlain(entry) && !isPrivate(entry.address))?.address;
    case "GetInterfaceIP":
      return interfaces.find((entry) => entry.name === argument && entry.family === "IPv4")
        ?.address;
    default:
      return undefined;
  }
}

const privateAddress = (interfaces: readonly Interface[]): string | undefined =>
  interfaces.find((entry) => isPlain(entry) && isPrivate(entry.address))?.address ??
  interfaces.find(isPlain)?.address;

const isPlain = (entry: Interface): boolean => entry.family === "IPv4" && !entry.isInternal;
const isPrivate = (address: string): boolean =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address);
const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";
const isLoopback = (host: string): boolean => /^(?:127\.|::1$|localhost$)/.test(host);
const hasPort = (host: string): boolean => /^(?:\[.*\]|[^:]*):\d+$/.test(host);
const joinPort = (host: string, port: number): string =>
  host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
