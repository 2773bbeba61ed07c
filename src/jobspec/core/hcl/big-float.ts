/**
 * Numbers as the language has them: binary floats of 512 bits, rounded to the nearest, ties to even. Doubles would
 * print 0.1 + 0.2 as 0.30000000000000004 and lose whole numbers above 2^53. Value = mantissa * 2^exponent.
 */
export interface BigFloat {
  readonly mantissa: bigint;
  readonly exponent: number;
  /** 1 or -1 for the infinities, else 0. */
  readonly infinite: 0 | 1 | -1;
  /** Zero has a sign too, which shows where it is written out; it counts for nothing else. */
  readonly isNegativeZero?: true;
  /** How many bits it is rounded to, and so how many digits it is told with; 512 when nothing is said. */
  readonly bits?: number;
}

const precision = 512;
/** What counts and indexes have, and what comes from double arithmetic such as a logarithm. */
const wholeBits = 64;
const doubleBits = 53;
const bitsOf = (a: BigFloat, b = a): number => Math.max(a.bits ?? precision, b.bits ?? precision);
/** Larger ones are treated as infinite: writing them out would only cost memory. */
const largestExponent = 20_000;

export const zero: BigFloat = { mantissa: 0n, exponent: 0, infinite: 0 };
/** A zero of so many bits. */
function zeroOf(isNegative: boolean, bits = precision): BigFloat {
  if (!isNegative && bits === precision) return zero;
  const sign = isNegative ? { isNegativeZero: true as const } : {};
  return { ...zero, ...sign, ...(bits === precision ? {} : { bits }) };
}
/** Whether a minus stands before it: zero may have one. */
export const isNegative = (a: BigFloat): boolean =>
  a.infinite < 0 || a.mantissa < 0n || a.isNegativeZero === true;
export const infinity = (sign: 1 | -1): BigFloat => ({ mantissa: 0n, exponent: 0, infinite: sign });

const bitLength = (value: bigint): number => {
  const hex = (value < 0n ? -value : value).toString(16);
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0] ?? "0", 16)) - 28);
};

/** mantissa * 2^exponent, plus something smaller than one mantissa unit when `isInexact`, rounded. */
function rounded(
  mantissa: bigint,
  exponent: number,
  bits = precision,
  isInexact = false,
): BigFloat {
  if (mantissa === 0n) return zeroOf(false, bits);
  if (!isInexact && bits >= doubleBits && -small < mantissa && mantissa < small)
    return shortened(Number(mantissa), exponent, bits);
  const negative = mantissa < 0n;
  let size = negative ? -mantissa : mantissa;
  let power = exponent;
  const extra = bitLength(size) - bits;
  if (extra > 0) {
    const shift = BigInt(extra);
    const rest = size & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    size >>= shift;
    power += extra;
    if (rest > half || (rest === half && (isInexact || (size & 1n) === 1n))) size += 1n;
  }
  const twos = trailingZeros(size);
  size >>= BigInt(twos);
  power += twos;
  if (power + bitLength(size) > largestExponent) return infinity(negative ? -1 : 1);
  if (power < -largestExponent) return zero;
  const kept = { mantissa: negative ? -size : size, exponent: power, infinite: 0 as const };
  return bits === precision ? kept : { ...kept, bits };
}

/** Whole numbers below this are worked with as doubles, which is many times faster. */
const small = 2n ** 31n;

/** The same for the numbers that people write: nothing to round, only twos to take out. */
function shortened(mantissa: number, exponent: number, bits: number): BigFloat {
  const twos = 31 - Math.clz32(mantissa & -mantissa);
  const size = mantissa / 2 ** twos;
  const power = exponent + twos;
  const length = 32 - Math.clz32(Math.abs(size));
  if (power + length > largestExponent) return infinity(size < 0 ? -1 : 1);
  if (power < -largestExponent) return zero;
  const kept = { mantissa: BigInt(size), exponent: power, infinite: 0 as const };
  return bits === precision ? kept : { ...kept, bits };
}

function trailingZeros(value: bigint): number {
  const low = Number(BigInt.asUintN(32, value));
  if (low !== 0) return 31 - Math.clz32(low & -low);
  const hex = value.toString(16);
  const digits = hex.length - hex.replace(/0+$/, "").length;
  const last = Number.parseInt(hex[hex.length - digits - 1] ?? "1", 16);
  return digits * 4 + (31 - Math.clz32(last & -last));
}

/** More digits than these are far beyond what a number keeps. */
const mostDigits = 10_000;

/** Reads digits with optional fraction and exponent; undefined when it is no number. */
export function parseBigFloat(text: string): BigFloat | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return infinityNamed(text);
  const fraction = match[3] ?? "";
  const all = `${match[2] ?? ""}${fraction}`.replace(/^0+/, "");
  const digits = BigInt(`0${all.slice(0, mostDigits)}`);
  const left = Math.max(0, all.length - mostDigits);
  const power = Number(match[4] ?? "0") - fraction.length + left;
  const signed = match[1] === "-" ? -digits : digits;
  if (signed === 0n) return zeroOf(match[1] === "-");
  if (power > 6000) return infinity(signed < 0n ? -1 : 1);
  if (power < -12_000) return zero;
  return power >= 0
    ? rounded(signed * 10n ** BigInt(power), 0)
    : divideIntegers(signed, 10n ** BigInt(-power), 0);
}

function infinityNamed(text: string): BigFloat | undefined {
  const match = /^([+-]?)(?:Inf|inf)$/.exec(text);
  return match ? infinity(match[1] === "-" ? -1 : 1) : undefined;
}

/** A count, an index or the like. */
export const fromNumber = (value: number): BigFloat =>
  Number.isSafeInteger(value) ? rounded(BigInt(value), 0, wholeBits) : fromDouble(value);

/** What double arithmetic gave: it has no more digits than a double. */
export function fromDouble(value: number): BigFloat {
  if (!Number.isFinite(value)) return infinity(value < 0 ? -1 : 1);
  let [scaled, power] = [value, 0];
  while (!Number.isInteger(scaled)) [scaled, power] = [scaled * 2, power - 1];
  return rounded(BigInt(scaled), power, doubleBits);
}

export const fromBigInt = (value: bigint): BigFloat => rounded(value, 0);

export function negate(a: BigFloat): BigFloat {
  if (a.infinite !== 0) return infinity(a.infinite === 1 ? -1 : 1);
  return a.mantissa === 0n
    ? zeroOf(a.isNegativeZero !== true, a.bits)
    : { ...a, mantissa: -a.mantissa };
}

export function add(a: BigFloat, b: BigFloat): BigFloat | undefined {
  if (a.infinite !== 0 && b.infinite !== 0) return a.infinite === b.infinite ? a : undefined;
  if (a.infinite !== 0) return a;
  if (b.infinite !== 0) return b;
  if (a.isNegativeZero === true && b.isNegativeZero === true) return zeroOf(true, bitsOf(a, b));
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.mantissa << BigInt(a.exponent - exponent);
  return rounded(left + (b.mantissa << BigInt(b.exponent - exponent)), exponent, bitsOf(a, b));
}

export const signOf = (a: BigFloat): number =>
  a.infinite !== 0 ? a.infinite : a.mantissa === 0n ? 0 : a.mantissa < 0n ? -1 : 1;

export function multiply(a: BigFloat, b: BigFloat): BigFloat | undefined {
  if (a.infinite !== 0 || b.infinite !== 0) {
    const sign = signOf(a) * signOf(b);
    return sign === 0 ? undefined : infinity(sign < 0 ? -1 : 1);
  }
  const mantissa = a.mantissa * b.mantissa;
  if (mantissa === 0n) return zeroOf(isNegative(a) !== isNegative(b), bitsOf(a, b));
  return rounded(mantissa, a.exponent + b.exponent, bitsOf(a, b));
}

/** Undefined for 0/0 and infinity/infinity; anything else by zero is infinite. */
export function divide(a: BigFloat, b: BigFloat): BigFloat | undefined {
  const isBelow = isNegative(a) !== isNegative(b);
  if (b.infinite !== 0) return a.infinite !== 0 ? undefined : zeroOf(isBelow);
  if (signOf(b) === 0) return signOf(a) === 0 ? undefined : infinity(isBelow ? -1 : 1);
  if (a.infinite !== 0) return infinity(isBelow ? -1 : 1);
  if (signOf(a) === 0) return zeroOf(isBelow, bitsOf(a, b));
  return divideIntegers(a.mantissa, b.mantissa, a.exponent - b.exponent, bitsOf(a, b));
}

function divideIntegers(a: bigint, b: bigint, exponent: number, bits = precision): BigFloat {
  const shift = Math.max(0, precision + 2 + bitLength(b) - bitLength(a));
  const top = a << BigInt(shift);
  const quotient = top / b;
  return rounded(quotient, exponent - shift, bits, quotient * b !== top);
}

/** The rest of the truncated division; by zero it is `a` itself, and with an infinity it is their product. */
export function remainder(a: BigFloat, b: BigFloat): BigFloat | undefined {
  if (a.infinite !== 0 || b.infinite !== 0) return multiply(a, b);
  if (signOf(b) === 0 || signOf(a) === 0) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.mantissa << BigInt(a.exponent - exponent);
  return rounded(left % (b.mantissa << BigInt(b.exponent - exponent)), exponent, bitsOf(a, b));
}

export function compare(a: BigFloat, b: BigFloat): number {
  if (a.infinite !== 0 || b.infinite !== 0) return a.infinite - b.infinite;
  if (a.exponent === b.exponent)
    return a.mantissa === b.mantissa ? 0 : a.mantissa < b.mantissa ? -1 : 1;
  const exponent = Math.min(a.exponent, b.exponent);
  const difference =
    (a.mantissa << BigInt(a.exponent - exponent)) - (b.mantissa << BigInt(b.exponent - exponent));
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Every number has one form: its mantissa is odd. */
export const equalNumbers = (a: BigFloat, b: BigFloat): boolean =>
  a.infinite === b.infinite && a.exponent === b.exponent && a.mantissa === b.mantissa;

/** A text that equal numbers share, and no others. */
export const numberIdentity = ({ mantissa, exponent, infinite }: BigFloat): string =>
  infinite === 0 ? `${mantissa.toString(16)}e${exponent}` : String(infinite);

export const isWhole = (a: BigFloat): boolean =>
  a.infinite === 0 && (a.exponent >= 0 || a.mantissa === 0n);

export function floor(a: BigFloat): BigFloat {
  return isWhole(a) || a.infinite !== 0 ? a : rounded(a.mantissa >> BigInt(-a.exponent), 0);
}

export function toNumber(a: BigFloat): number {
  if (a.infinite !== 0) return a.infinite * Number.POSITIVE_INFINITY;
  if (a.exponent >= 0) return Number(a.mantissa << BigInt(a.exponent));
  return Number(formatBigFloat(a));
}

/** The shortest decimal text that reads back as the same number, without an exponent. */
export function formatBigFloat(a: BigFloat): string {
  if (a.infinite !== 0) return a.infinite > 0 ? "+Inf" : "-Inf";
  const sign = isNegative(a) ? "-" : "";
  const size = a.mantissa < 0n ? -a.mantissa : a.mantissa;
  if (isWhole(a)) return sign + shortestWhole(size << BigInt(a.exponent), bitsOf(a)).toString();
  // The neighbours are half a unit of the last bit away; every decimal between them reads back as this one.
  const pad = BigInt(bitsOf(a) - bitLength(size) + 1);
  const bits = BigInt(-a.exponent) + pad;
  const whole = size >> BigInt(-a.exponent);
  let rest = (size << pad) - (whole << bits);
  let slack = 1n;
  let digits = "";
  const one = 1n << bits;
  for (;;) {
    rest *= 10n;
    slack *= 10n;
    const digit = rest >> bits;
    rest -= digit << bits;
    const isLow = rest < slack;
    const isHigh = one - rest < slack;
    if (!isLow && !isHigh) {
      digits += digit.toString();
      continue;
    }
    const up = isHigh && (!isLow || rest * 2n >= one);
    return `${sign}${carried(whole, digits, up ? digit + 1n : digit)}`;
  }
}

/** Where whole numbers of so many bits lie further apart than one, the last digits that tell nothing are zeros. */
function shortestWhole(value: bigint, bits: number): bigint {
  const extra = bitLength(value) - bits;
  if (extra <= 0) return value;
  const slack = 1n << BigInt(extra - 1);
  for (let power = 10n ** BigInt(value.toString().length); power > 1n; power /= 10n) {
    const near = ((value + power / 2n) / power) * power;
    const distance = near > value ? near - value : value - near;
    if (distance < slack) return near;
  }
  return value;
}

function carried(whole: bigint, digits: string, last: bigint): string {
  const scale = 10n ** BigInt(digits.length + 1);
  const all = whole * scale + BigInt(`${digits}0`) + last;
  const text = (all % scale)
    .toString()
    .padStart(digits.length + 1, "0")
    .replace(/0+$/, "");
  return text === "" ? (all / scale).toString() : `${(all / scale).toString()}.${text}`;
}
