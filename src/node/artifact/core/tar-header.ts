export const blockBytes = 512;

/** One header block of a tar archive, as it stands there. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** Unix time in seconds. */
  readonly modified: number;
  readonly type: string;
}

/** Reads a header block; a text is what is wrong with it. */
export function decodeTarHeader(block: Uint8Array): TarHeader | string {
  if (!hasRightSum(block)) return "a header has a wrong checksum";
  const [mode, size, modified] = [number(block, 100, 8), number(block, 124, 12), time(block)];
  if (mode === undefined || size === undefined || size < 0) return "a header has a broken number";
  const isUstar = text(block, 257, 5) === "ustar";
  // GNU's own older form has other fields where the prefix would be.
  const prefix = isUstar && block[262] === 0 ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode,
    size,
    modified: modified ?? 0,
    type,
  };
}

export const isZeroBlock = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

/** The records `LENGTH KEY=VALUE\n` of an extended header; undefined when they are broken. */
export function decodePax(data: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length;) {
    const blank = data.indexOf(0x20, at);
    const digits = blank < 0 ? "" : decodeUtf8(data.subarray(at, blank));
    const length = /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    if (length < digits.length + 3 || end > data.length || data[end - 1] !== 0x0a) return undefined;
    const record = decodeUtf8(data.subarray(blank + 1, end - 1));
    const mark = record.indexOf("=");
    if (mark <= 0) return undefined;
    records.set(record.slice(0, mark), record.slice(mark + 1));
    at = end;
  }
  return records;
}

/** Bytes that are no UTF-8 become replacement characters: a name stays a name. */
export const decodeUtf8 = (data: Uint8Array): string => new TextDecoder().decode(data);

function text(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decodeUtf8(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or with the highest bit set a large binary number. */
function number(block: Uint8Array, at: number, length: number): number | undefined {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x3f;
    if ((first & 0x40) !== 0) return undefined;
    for (let next = at + 1; next < at + length; next++) value = value * 256 + (block[next] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = text(block, at, length).trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** A time that cannot be read is no reason to refuse a file. */
const time = (block: Uint8Array): number | undefined => number(block, 136, 12);

/** The sum over the block, its own field taken as blanks; some old writers summed signed bytes. */
function hasRightSum(block: Uint8Array): boolean {
  const wanted = number(block, 148, 8);
  let [plain, signed] = [0, 0];
  for (const [at, byte] of block.entries()) {
    const value = at >= 148 && at < 156 ? 0x20 : byte;
    plain += value;
    signed += value > 127 ? value - 256 : value;
  }
  return wanted === plain || wanted === signed;
}
