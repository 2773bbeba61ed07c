/**
 * Numbers of the language, worked out the slow and plain way: an exact fraction, rounded after every operation to a
 * count of bits, ties to even.
 */
export type RefNumber =
  | {
      readonly top: bigint;
      readonly bottom: bigint;
      readonly bits: number;
      /** Of zero only: other numbers have their sign in `top`. */
      readonly isMinus?: true;
    }
  | { readonly infinite: 1 | -1 };

const zero = (isMinus: boolean, bits: number): RefNumber => ({
  top: 0n,
  bottom: 1n,
  bits,
  ...(isMinus ? { isMinus } : {}),
});
/** Whether the number stands behind a minus, as zero may. */
export const isMinus = (a: RefNumber): boolean =>
  "infinite" in a ? a.infinite < 0 : a.top < 0n || a.isMinus === true;

const size = (value: bigint): bigint => (value < 0n ? -value : value);

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [size(a), size(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The fraction nearest to top/bottom that `bits` binary digits can hold. */
export function rounded(top: bigint, bottom: bigint, bits: number): RefNumber {
  if (top === 0n) return zero(false, bits);
  const [a, b] = [size(top), size(bottom)];
  const isNegative = top < 0n !== bottom < 0n;
  let shift = bits - (a.toString(2).length - b.toString(2).length);
  const scaled = (by: number): readonly [bigint, bigint] =>
    by >= 0 ? [a << BigInt(by), b] : [a, b << BigInt(-by)];
  let [over, under] = scaled(shift);
  // Too long by one digit: the first guess counts digits and does not compare them.
  if ((over / under).toString(2).length > bits) [over, under] = scaled((shift -= 1));
  let whole = over / under;
  const rest = (over % under) * 2n;
  if (rest > under || (rest === under && whole % 2n === 1n)) whole += 1n;
  if (isNegative) whole = -whole;
  const [n, d] = shift >= 0 ? [whole, 1n << BigInt(shift)] : [whole << BigInt(-shift), 1n];
  const common = divisor(n, d);
  return { top: n / common, bottom: d / common, bits };
}

/** Text of digits as literals and conversions have them; undefined for other text. */
export function readNumber(text: string): RefNumber | undefined {
  if (/^[+-]?[Ii]nf$/.test(text)) return { infinite: text.startsWith("-") ? -1 : 1 };
  const match = /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (match === null || `${whole}${fraction}` === "") return undefined;
  const digits = BigInt(`${sign}${whole}${fraction}` === sign ? "0" : `${whole}${fraction}`);
  const power = Number(exponent) - fraction.length;
  const scale = 10n ** BigInt(Math.abs(power));
  if (digits === 0n) return zero(sign === "-", 512);
  const top = sign === "-" ? -digits : digits;
  return power >= 0 ? rounded(top * scale, 1n, 512) : rounded(top, scale, 512);
}

/** What counting gives. */
export const counted = (value: number): RefNumber => rounded(BigInt(value), 1n, 64);

const signOf = (a: RefNumber): number =>
  "infinite" in a ? a.infinite : a.top === 0n ? 0 : a.top < 0n ? -1 : 1;

/** Undefined where the result is no number. */
export function calculate(operator: string, a: RefNumber, b: RefNumber): RefNumber | undefined {
  if ("infinite" in a || "infinite" in b) return withInfinity(operator, a, b);
  const bits = Math.max(a.bits, b.bits);
  switch (operator) {
    case "+":
      if (a.isMinus === true && b.isMinus === true) return zero(true, bits);
      return rounded(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom, bits);
    case "-":
      return calculate("+", a, negated(b));
    case "*":
      if (a.top === 0n || b.top === 0n) return zero(isMinus(a) !== isMinus(b), bits);
      return rounded(a.top * b.top, a.bottom * b.bottom, bits);
    case "/":
      if (a.top === 0n && b.top === 0n) return undefined;
      if (b.top === 0n) return { infinite: isMinus(a) === isMinus(b) ? 1 : -1 };
      if (a.top === 0n) return zero(isMinus(a) !== isMinus(b), bits);
      return rounded(a.top * b.bottom, a.bottom * b.top, bits);
    case "%": {
      if (a.top === 0n || b.top === 0n) return a;
      const times = (a.top * b.bottom) / (a.bottom * b.top);
      return rounded(a.top * b.bottom - times * b.top * a.bottom, a.bottom * b.bottom, bits);
    }
    default:
      throw new Error(`${operator} does not calculate`);
  }
}

function withInfinity(operator: string, a: RefNumber, b: RefNumber): RefNumber | undefined {
  const [left, right] = ["infinite" in a, "infinite" in b];
  const product = signOf(a) * signOf(b);
  switch (operator) {
    case "+":
    case "-": {
      const other = operator === "-" ? negated(b) : b;
      if (left && right) return signOf(a) === signOf(other) ? a : undefined;
      return left ? a : other;
    }
    case "/":
      if (left && right) return undefined;
      if (right) return zero(isMinus(a) !== isMinus(b), 512);
      return { infinite: isMinus(a) === isMinus(b) ? 1 : -1 };
    default:
      return product === 0 ? undefined : { infinite: product < 0 ? -1 : 1 };
  }
}

export function negated(a: RefNumber): RefNumber {
  if ("infinite" in a) return { infinite: a.infinite === 1 ? -1 : 1 };
  return a.top === 0n ? zero(a.isMinus !== true, a.bits) : { ...a, top: -a.top };
}

export function order(a: RefNumber, b: RefNumber): number {
  if ("infinite" in a) return "infinite" in b ? a.infinite - b.infinite : a.infinite;
  if ("infinite" in b) return -b.infinite;
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** The number as an index, when it can be one. */
export function asIndex(a: RefNumber): number | undefined {
  if ("infinite" in a || a.bottom !== 1n || a.top < 0n || a.top > 1000n) return undefined;
  return Number(a.top);
}

/** The shortest decimal text that reads back as the same number. */
export function numberText(a: RefNumber): string {
  if ("infinite" in a) return a.infinite === 1 ? "+Inf" : "-Inf";
  const sign = isMinus(a) ? "-" : "";
  const top = size(a.top);
  if (a.bottom === 1n && top.toString(2).length <= a.bits) return `${sign}${top}`;
  for (let places = -top.toString().length; ; places += 1) {
    const scale = 10n ** BigInt(Math.abs(places));
    const [n, d] = places >= 0 ? [top * scale, a.bottom] : [top, a.bottom * scale];
    const digits = (n * 2n + d) / (d * 2n);
    const read = places >= 0 ? rounded(digits, scale, a.bits) : rounded(digits * scale, 1n, a.bits);
    if (order(read, { ...a, top }) === 0) return sign + placed(digits, places);
  }
}

function placed(digits: bigint, places: number): string {
  if (places <= 0) return `${digits * 10n ** BigInt(-places)}`;
  const padded = digits.toString().padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
