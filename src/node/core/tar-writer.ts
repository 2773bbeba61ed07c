/** One entry of a tar archive; names are relative and end in a slash for folders. */
export interface TarEntry {
  readonly name: string;
  readonly type: "file" | "folder" | "link";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file; everything else has none. */
  readonly size: number;
  /** Unix time in seconds. */
  readonly modified: number;
  /** Where a link leads. */
  readonly target: string;
}

const blockBytes = 512;
const types = { file: "0", link: "2", folder: "5" } as const;
/** What the fields of a header can hold; beyond, an extended header says it. */
const longest = 100;
const largest = 8 ** 11 - 1;
const largestId = 8 ** 7 - 1;

/** The header of an entry, with an extended one before it where a name or a number is too large for the plain form. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const records: readonly (readonly [string, string])[] = [
    ...(lengthOf(entry.name) > longest ? [["path", entry.name] as const] : []),
    ...(lengthOf(entry.target) > longest ? [["linkpath", entry.target] as const] : []),
    ...(entry.size > largest ? [["size", String(entry.size)] as const] : []),
    ...(entry.uid > largestId ? [["uid", String(entry.uid)] as const] : []),
    ...(entry.gid > largestId ? [["gid", String(entry.gid)] as const] : []),
  ];
  const plain = header(entry, types[entry.type]);
  if (records.length === 0) return plain;
  const said = encode(records.map(record).join(""));
  const extended = {
    ...entry,
    name: "./PaxHeaders/entry",
    target: "",
    mode: 0o644,
    uid: 0,
    gid: 0,
  };
  return joined([
    header({ ...extended, size: said.length }, "x"),
    said,
    tarPadding(said.length),
    plain,
  ]);
}

/** What is missing to a whole block. */
export const tarPadding = (size: number): Uint8Array =>
  new Uint8Array((blockBytes - (size % blockBytes)) % blockBytes);

export const tarEnd = (): Uint8Array => new Uint8Array(2 * blockBytes);

/** `LENGTH KEY=VALUE\n`, the length counting its own digits. */
function record([key, value]: readonly [string, string]): string {
  const rest = lengthOf(` ${key}=${value}\n`);
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${key}=${value}\n`;
}

function header(entry: TarEntry, type: string): Uint8Array {
  const block = new Uint8Array(blockBytes);
  const put = (at: number, length: number, text: string): void => {
    block.set(encode(text).subarray(0, length), at);
  };
  const octal = (at: number, length: number, value: number): void => {
    put(at, length - 1, value.toString(8).padStart(length - 1, "0"));
  };
  put(0, longest, entry.name);
  octal(100, 8, entry.mode & 0o7777);
  octal(108, 8, entry.uid > largestId ? 0 : entry.uid);
  octal(116, 8, entry.gid > largestId ? 0 : entry.gid);
  octal(124, 12, entry.size > largest ? 0 : entry.size);
  octal(136, 12, Math.max(0, Math.floor(entry.modified)));
  put(156, 1, type);
  put(157, longest, entry.target);
  put(257, 8, "ustar\u000000");
  // The sum counts its own field as blanks.
  put(148, 8, " ".repeat(8));
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, 8, `${sum.toString(8).padStart(6, "0")}\u0000 `);
  return block;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const lengthOf = (text: string): number => encode(text).length;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
