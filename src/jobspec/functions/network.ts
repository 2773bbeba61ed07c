import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textType } from "../core/hcl/types.ts";
import { listValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec } from "../core/hcl/value-types.ts";
import { step, steps } from "./work.ts";
import { textOf, wholeOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };

interface Prefix {
  readonly address: bigint;
  readonly length: number;
  /** 32 or 128. */
  readonly bits: number;
}

export const networkFunctions: Readonly<Record<string, LanguageFunction>> = {
  cidrhost: {
    params: [string, number],
    work: steps(12),
    call: ([prefix, host]) => textValue(hostOf(parsePrefix(textOf(prefix)), wholeOf(host, 1))),
  },
  cidrnetmask: {
    params: [string],
    work: steps(10),
    call: ([prefix]) => {
      const { bits, length } = parsePrefix(textOf(prefix));
      return textValue(formatAddress(maskOf(bits, length), bits));
    },
  },
  cidrsubnet: {
    params: [string, number, number],
    work: steps(12),
    call: ([prefix, more, index]) => {
      const base = parsePrefix(textOf(prefix));
      return textValue(formatPrefix(subnetOf(base, wholeOf(more, 1), BigInt(wholeOf(index, 2)))));
    },
  },
  cidrsubnets: {
    params: [string],
    rest: number,
    work: (args) => 8 * step * args.length,
    call: ([prefix, ...more]) => {
      const base = parsePrefix(textOf(prefix));
      const lengths = more.map((value, at) => base.length + wholeOf(value, at + 1));
      const prefixes = consecutive(base, lengths).map((p) => textValue(formatPrefix(p)));
      return listValue(prefixes, textType);
    },
  },
};

const maskOf = (bits: number, length: number): bigint =>
  ((1n << BigInt(length)) - 1n) << BigInt(bits - length);

function parsePrefix(text: string): Prefix {
  const [address, size, extra] = text.split("/");
  const parsed = parseAddress(address ?? "");
  const length = /^\d{1,3}$/.test(size ?? "") ? Number(size) : 999;
  if (parsed === undefined || extra !== undefined || length > parsed.bits)
    throw new CallFault(`${JSON.stringify(text)} is no network in CIDR form`, 0);
  return { address: parsed.address & maskOf(parsed.bits, length), length, bits: parsed.bits };
}

function parseAddress(text: string): { address: bigint; bits: number } | undefined {
  if (!text.includes(":")) {
    const bytes = text.split(".");
    const isFine =
      bytes.length === 4 && bytes.every((b) => /^(?:0|[1-9]\d{0,2})$/.test(b) && Number(b) < 256);
    return isFine
      ? { address: bytes.reduce((sum, b) => (sum << 8n) | BigInt(b), 0n), bits: 32 }
      : undefined;
  }
  const halves = withoutDots(text).split("::");
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  const isFull = tail === undefined ? missing === 0 : missing > 0;
  if (halves.length > 2 || !isFull) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { address: groups.reduce((sum, g) => (sum << 16n) | BigInt(`0x${g}`), 0n), bits: 128 };
}

/** The last two groups of an IPv6 address may be written as an IPv4 one. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(":") + 1;
  if (!text.includes(".", at)) return text;
  const last = parseAddress(text.slice(at));
  if (last === undefined) return text;
  return `${text.slice(0, at)}${(last.address >> 16n).toString(16)}:${(last.address & 0xffffn).toString(16)}`;
}

function formatAddress(address: bigint, bits: number): string {
  if (bits === 32)
    return [24n, 16n, 8n, 0n].map((shift) => ((address >> shift) & 255n).toString()).join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address >> BigInt(112 - at * 16)) & 0xffffn).toString(16),
  );
  let best = { start: 0, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (groups[at + length] === "0") length += 1;
    if (length > best.length) best = { start: at, length };
  }
  if (best.length < 2) return groups.join(":");
  const head = groups.slice(0, best.start).join(":");
  return `${head}::${groups.slice(best.start + best.length).join(":")}`;
}

const formatPrefix = ({ address, bits, length }: Prefix): string =>
  `${formatAddress(address, bits)}/${length}`;

function hostOf({ address, bits, length }: Prefix, host: number): string {
  const room = 1n << BigInt(bits - length);
  const offset = host < 0 ? room + BigInt(host) : BigInt(host);
  if (offset < 0n || offset >= room)
    throw new CallFault(`a prefix of ${length} does not accommodate host ${host}`, 1);
  return formatAddress(address + offset, bits);
}

function subnetOf(base: Prefix, more: number, index: bigint): Prefix {
  const length = base.length + more;
  if (more < 0 || length > base.bits)
    throw new CallFault(`not enough address space to extend the prefix by ${more}`, 1);
  if (index < 0n || index >= 1n << BigInt(more))
    throw new CallFault(`${more} more bits do not accommodate subnet ${index}`, 2);
  return { ...base, length, address: base.address | (index << BigInt(base.bits - length)) };
}

/** One after the other, each starting at a multiple of its own size. */
function consecutive(base: Prefix, lengths: readonly number[]): readonly Prefix[] {
  let next = base.address;
  const end = base.address + (1n << BigInt(base.bits - base.length));
  return lengths.map((length, at) => {
    if (length <= base.length || length > base.bits)
      throw new CallFault("must extend the prefix by at least one bit and fit", at + 1);
    const size = 1n << BigInt(base.bits - length);
    const address = ((next + size - 1n) / size) * size;
    next = address + size;
    if (next > end) throw new CallFault("not enough remaining address space", at + 1);
    return { ...base, length, address };
  });
}
