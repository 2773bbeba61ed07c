import { assertNever } from "../../../lib/errors.ts";
/** Digits of a magnitude that is 0.DIGITS times ten to the `point`; no zeros at either end. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** A double has no more digits than this behind its point; what is asked for beyond is zeros. */
const mostDigits = 1_100;

/**
 * Prints a double with the verb `e`, `f` or `g`. Without a precision it takes the fewest digits that mean the same
 * double, and `g` turns to exponents from seven digits before the point on.
 */
export function formatFloat(value: number, verb: "e" | "f" | "g", precision?: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const magnitude = Math.abs(value);
  const exact = precision === undefined ? shortest(magnitude) : exactDecimal(magnitude);
  return sign + formatDecimal(exact, verb, precision);
}

function formatDecimal(exact: Decimal, verb: "e" | "f" | "g", precision?: number): string {
  switch (verb) {
    case "e": {
      const rounded = precision === undefined ? exact : roundTo(exact, precision + 1);
      return withExponent(rounded, precision ?? Math.max(rounded.digits.length - 1, 0));
    }
    case "f": {
      const rounded = precision === undefined ? exact : roundTo(exact, exact.point + precision);
      return withPoint(rounded, precision ?? Math.max(rounded.digits.length - rounded.point, 0));
    }
    case "g": {
      const wanted = precision === 0 ? 1 : precision;
      const rounded = wanted === undefined ? exact : roundTo(exact, wanted);
      const { digits, point } = rounded;
      const whole =
        digits.length >= point && (wanted ?? 0) > digits.length ? digits.length : wanted;
      const exponent = digits === "" ? 0 : point - 1;
      return exponent < -4 || exponent >= (whole ?? 6)
        ? withExponent(rounded, Math.max(digits.length - 1, 0))
        : withPoint(rounded, Math.max(digits.length - point, 0));
    }
    default:
      return assertNever(verb);
  }
}

function withExponent({ digits, point }: Decimal, precision: number): string {
  const exponent = digits === "" ? 0 : point - 1;
  const power = String(Math.abs(exponent)).padStart(2, "0");
  const part = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, "0")}` : "";
  return `${digits[0] ?? "0"}${part}e${exponent < 0 ? "-" : "+"}${power}`;
}

function withPoint({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision === 0) return whole;
  const leading = "0".repeat(Math.min(precision, Math.max(-point, 0)));
  const part = (leading + digits.slice(Math.max(point, 0))).slice(0, precision);
  return `${whole}.${part.padEnd(precision, "0")}`;
}

function shortest(magnitude: number): Decimal {
  const [mantissa = "", exponent = ""] = magnitude.toExponential().split("e");
  return trimmed(mantissa.replace(".", ""), Number(exponent) + 1);
}

/** A double is a whole number times a power of two, and so always has an end in decimal. */
function exactDecimal(magnitude: number): Decimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  const stored = Number(bits >> 52n);
  const mantissa = (bits & ((1n << 52n) - 1n)) | (stored === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(stored, 1) - 1075;
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = whole.toString();
  return trimmed(digits, digits.length - Math.max(-exponent, 0));
}

function trimmed(digits: string, point: number): Decimal {
  const start = /^0*/.exec(digits)?.[0].length ?? 0;
  const kept = digits.slice(start).replace(/0+$/, "");
  return kept === "" ? { digits: "", point: 0 } : { digits: kept, point: point - start };
}

/** To so many digits; a half goes to the even neighbour. */
function roundTo(exact: Decimal, count: number): Decimal {
  const { digits, point } = exact;
  if (count >= digits.length || count > mostDigits) return exact;
  if (count < 0) return { digits: "", point: 0 };
  const rest = digits.slice(count);
  const isOdd = Number(digits[count - 1] ?? "0") % 2 === 1;
  const isUp = rest > "5" || (rest === "5" && isOdd);
  const kept = digits.slice(0, count);
  if (!isUp) return trimmed(kept, point);
  const raised = (BigInt(kept === "" ? "0" : kept) + 1n).toString();
  return trimmed(raised.padStart(count, "0"), point + Math.max(raised.length - count, 0));
}
