import { lastPart } from "./url-parts.ts";

export type HashName = "md5" | "sha1" | "sha256" | "sha512";
/** A digest to compare with, or the address of a list of digests. */
export type Checksum =
  | { readonly kind: "digest"; readonly hash: HashName; readonly hex: string }
  | { readonly kind: "file"; readonly url: string };
export type ChecksumResult =
  | { readonly ok: true; readonly checksum: Checksum | undefined }
  | { readonly ok: false; readonly error: string };

const hashes: readonly (readonly [name: HashName, digits: number])[] = [
  ["md5", 32],
  ["sha1", 40],
  ["sha256", 64],
  ["sha512", 128],
];

/** `sha256:HEX`, bare HEX known by its length, or `file:ADDRESS`. */
export function parseChecksum(text: string | undefined): ChecksumResult {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return { ok: true, checksum: undefined };
  const [, kind = "", value = ""] = /^(?:([^:]*):)?(.*)$/s.exec(trimmed) ?? [];
  if (kind === "file") return parseFile(value);
  const checksum = digestOf(kind === "" ? undefined : kind.toLowerCase(), value);
  return typeof checksum === "string" ? { ok: false, error: checksum } : { ok: true, checksum };
}

function parseFile(url: string): ChecksumResult {
  return /^https?:\/\//i.test(url)
    ? { ok: true, checksum: { kind: "file", url } }
    : { ok: false, error: "a checksum file must have an http:// or https:// address" };
}

function digestOf(kind: string | undefined, value: string): Checksum | string {
  const known = hashes.find(([name, digits]) =>
    kind === undefined ? value.length === digits : name === kind,
  );
  if (!known)
    return kind === undefined
      ? `checksum ${JSON.stringify(value)} has the length of no known type`
      : `unsupported checksum type: ${kind}`;
  const [hash, digits] = known;
  if (!/^[0-9a-fA-F]*$/.test(value) || value.length !== digits)
    return `invalid ${hash} checksum: ${JSON.stringify(value)} has not ${digits} hexadecimal digits`;
  return { kind: "digest", hash, hex: value.toLowerCase() };
}

/**
 * The digest that a checksum file has for the file behind `url`. Lines are `HEX  NAME`, `HEX *NAME` or
 * `SHA256 (NAME) = HEX`; a file of one bare digest speaks of the only file it can mean.
 */
export function findInChecksumFile(text: string, url: string): Checksum | undefined {
  const wanted = lastPart(url);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    const isMeant =
      entry.name === undefined ? lines.length === 1 : entry.name.split("/").at(-1) === wanted;
    if (isMeant) return entry.checksum;
  }
  return undefined;
}

function parseLine(
  line: string,
): { readonly name: string | undefined; readonly checksum: Checksum } | undefined {
  const tagged = /^([A-Za-z0-9-]+) \((.*)\) = ([0-9a-fA-F]+)\s*$/.exec(line);
  const plain = /^\s*([0-9a-fA-F]{32,128})(?:\s+\*?(\S.*?))?\s*$/.exec(line);
  const [kind, name, value] = tagged
    ? [tagged[1]?.toLowerCase().replace("-", ""), tagged[2], tagged[3]]
    : [undefined, plain?.[2], plain?.[1]];
  const checksum = value === undefined ? undefined : digestOf(kind, value);
  return checksum === undefined || typeof checksum === "string" ? undefined : { name, checksum };
}
