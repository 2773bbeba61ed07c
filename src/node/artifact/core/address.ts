/** An address as sixteen bytes; IPv4 stands in the mapped form `::ffff:a.b.c.d`. */
export type AddressBytes = readonly number[];
export interface Network {
  readonly bytes: AddressBytes;
  readonly bits: number;
}
const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * What a job must not reach through an artifact: addresses that mean something else on each machine, and the
 * well-known doors of cloud providers, behind which a machine's own credentials lie.
 */
const refused: readonly (readonly [range: string, name: string])[] = [
  ["169.254.169.254/32", "metadata"],
  ["100.100.100.200/32", "metadata"],
  ["192.0.0.192/32", "metadata"],
  ["168.63.129.16/32", "metadata"],
  ["fd00:ec2::254/128", "metadata"],
  ["fd20:ce::254/128", "metadata"],
  ["0.0.0.0/8", "unspecified"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["224.0.0.0/4", "multicast"],
  ["255.255.255.255/32", "broadcast"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "link-local"],
  ["ff00::/8", "multicast"],
];

/** Why nothing is fetched from this address, as the name of its range; undefined when it may be. */
export function refusedRange(address: string, allowed: readonly Network[]): string | undefined {
  const bytes = parseAddress(address);
  if (bytes === undefined) return "unreadable";
  const faces = [bytes, ...embedded(bytes)];
  if (faces.some((face) => allowed.some((network) => contains(network, face)))) return undefined;
  const found = refusedNetworks.find(({ network }) =>
    faces.some((face) => contains(network, face)),
  );
  return found?.name;
}

/** `10.0.0.0/8`, `::1/128`, or one address; undefined when it is none of these. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", length, ...rest] = text.trim().split("/");
  const bytes = parseAddress(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: 128 };
  if (!/^\d{1,3}$/.test(length)) return undefined;
  const isShort = !address.includes(":");
  const bits = Number(length) + (isShort ? 96 : 0);
  return bits > 128 ? undefined : { bytes, bits };
}

export function parseAddress(text: string): AddressBytes | undefined {
  const plain = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (!plain.includes(":")) {
    const four = parseFour(plain);
    return four && [...mapped, ...four];
  }
  return parseSix(plain);
}

function parseFour(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part)))
    return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseSix(text: string): AddressBytes | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = [groups(halves[0] ?? ""), groups(halves[1] ?? "")];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing < 2 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The bytes of `a:b:c`, of which the last may be written as four decimal numbers. */
function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [at, part] of parts.entries()) {
    if (part.includes(".") && at === parts.length - 1) {
      const four = parseFour(part);
      if (four === undefined) return undefined;
      bytes.push(...four);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** The IPv4 address that a long one stands for: a gateway on the way would reach that one. */
function embedded(bytes: AddressBytes): AddressBytes[] {
  const carriers: readonly (readonly [prefix: readonly number[], at: number])[] = [
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 12],
    [[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 12],
    [[0x20, 0x02], 2],
  ];
  return carriers
    .filter(([prefix]) => prefix.every((byte, at) => bytes[at] === byte))
    .filter(() => !isSmall(bytes))
    .map(([, at]) => [...mapped, ...bytes.slice(at, at + 4)]);
}

/** `::` and `::1` are addresses of their own, not old forms of 0.0.0.0 and 0.0.0.1. */
const isSmall = (bytes: AddressBytes): boolean =>
  bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) < 2;

function contains({ bytes, bits }: Network, address: AddressBytes): boolean {
  return bytes.every((byte, at) => {
    const compared = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff << (8 - compared)) & 0xff;
    return (byte & mask) === ((address[at] ?? 0) & mask);
  });
}

const refusedNetworks = refused.flatMap(([range, name]) => {
  const network = parseNetwork(range);
  return network ? [{ network, name }] : [];
});
