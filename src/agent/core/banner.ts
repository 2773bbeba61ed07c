/** The published start-up lines: four blanks, the key right-aligned to 18 columns, sorted by key. */
export interface BannerFacts {
  readonly region: string;
  readonly datacenter: string;
  readonly logLevel: string;
  readonly isServer: boolean;
  readonly isClient: boolean;
  readonly nodeId: string;
  readonly version: string;
  readonly bind: Addresses;
  readonly advertise: Addresses;
}
export interface Addresses {
  readonly http: string;
  readonly rpc: string;
  readonly serf: string;
}

export function bannerLines(facts: BannerFacts): readonly string[] {
  const addresses = (of: Addresses, http: string): string =>
    facts.isServer ? `HTTP: ${http}; RPC: ${of.rpc}; Serf: ${of.serf}` : `HTTP: ${http}`;
  const rows: { [key: string]: string } = {
    "Advertise Addrs": addresses(facts.advertise, facts.advertise.http),
    "Bind Addrs": addresses(facts.bind, `[${facts.bind.http}]`),
    Client: String(facts.isClient),
    "Log Level": facts.logLevel,
    ...(facts.isServer ? { "Node Id": facts.nodeId } : {}),
    Region: `${facts.region} (DC: ${facts.datacenter})`,
    Server: String(facts.isServer),
    Version: facts.version,
  };
  return Object.keys(rows)
    .toSorted()
    .map((key) => `    ${key.padStart(18)}: ${rows[key] ?? ""}`);
}
