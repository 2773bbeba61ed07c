import { formatBigFloat, signOf } from "../core/hcl/big-float.ts";
import type { BigFloat } from "../core/hcl/big-float.ts";

/** A number without its sign as significant digits and the place of the point: 0.DIGITS * 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** The size of a number with so many places behind the point; halves go to the even digit. */
export function fixedText(number: BigFloat, places: number): string {
  const all = roundedTimesTen(number, places)
    .toString()
    .padStart(places + 1, "0");
  const whole = all.slice(0, all.length - places);
  return places === 0 ? whole : `${whole}.${all.slice(all.length - places)}`;
}

/** As `1.5e+20`, with so many places behind the point or with as many as the number has. */
export function exponentText(number: BigFloat, places: number | undefined): string {
  const decimal = places === undefined ? shortest(number) : significant(number, places + 1);
  return written(decimal, places ?? Math.max(0, decimal.digits.length - 1));
}

/** With an exponent when that is below -4 or not below the number of digits, else without. */
export function generalText(number: BigFloat, count: number | undefined): string {
  const wanted = count === 0 ? 1 : count;
  const decimal = wanted === undefined ? shortest(number) : trimmed(significant(number, wanted));
  if (decimal.digits === "") return "0";
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limitOf(decimal, wanted))
    return written(decimal, Math.max(0, decimal.digits.length - 1));
  const { digits, point } = decimal;
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, "0");
  return digits.length > point ? `${whole}.${digits.slice(point)}` : whole;
}

/** A shortest text decides as if six digits were asked for. */
function limitOf({ digits, point }: Decimal, wanted: number | undefined): number {
  if (wanted === undefined) return 6;
  return wanted > digits.length && digits.length >= point ? digits.length : wanted;
}

function written({ digits, point }: Decimal, places: number): string {
  const all = digits === "" ? "0" : digits;
  const exponent = digits === "" ? 0 : point - 1;
  const fraction = places > 0 ? `.${all.slice(1).padEnd(places, "0")}` : "";
  const size = Math.abs(exponent).toString().padStart(2, "0");
  return `${all.slice(0, 1)}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
}

const trimmed = ({ digits, point }: Decimal): Decimal => ({
  digits: digits.replace(/0+$/, ""),
  point,
});

/** No more digits than tell the number from its neighbours. */
function shortest(number: BigFloat): Decimal {
  const [whole = "", fraction = ""] = formatBigFloat(number).replace("-", "").split(".");
  const all = whole + fraction;
  const start = /^0*/.exec(all)?.[0].length ?? 0;
  return trimmed({
    digits: all.slice(start),
    point: start === all.length ? 0 : whole.length - start,
  });
}

function significant(number: BigFloat, count: number): Decimal {
  if (signOf(number) === 0) return { digits: "", point: 0 };
  const { point } = shortest(number);
  const digits = roundedTimesTen(number, count - point).toString();
  // All nines round up to one digit more.
  return { digits: digits.slice(0, count), point: point + digits.length - count };
}

/** The size of the number times 10^power as a whole number. */
function roundedTimesTen({ mantissa, exponent }: BigFloat, power: number): bigint {
  let top = mantissa < 0n ? -mantissa : mantissa;
  let bottom = 1n;
  if (power >= 0) top *= 10n ** BigInt(power);
  else bottom *= 10n ** BigInt(-power);
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  const quotient = top / bottom;
  const twice = (top - quotient * bottom) * 2n;
  const isUp = twice > bottom || (twice === bottom && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}
