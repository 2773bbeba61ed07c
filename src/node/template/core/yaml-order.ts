import { firstDifference } from "./value.ts";

const letter = /\p{L}/u;

/**
 * The order in which keys of YAML are written, made for people: letters come last, and where numbers differ the
 * smaller one comes first, so that `a2` stands before `a10`.
 */
export function compareYamlKeys(a: string, b: string): number {
  const unit = firstDifference(a, b);
  if (unit === Math.min(a.length, b.length)) return a.length - b.length;
  // Two pairs may differ in their second half only.
  const at = isSecondHalf(a, unit) && isSecondHalf(b, unit) ? unit - 1 : unit;
  const [left, right] = [a.codePointAt(at) ?? 0, b.codePointAt(at) ?? 0];
  const [isLeftLetter, isRightLetter] = [isLetter(left), isLetter(right)];
  if (isLeftLetter !== isRightLetter) return isLeftLetter ? 1 : -1;
  return (isLeftLetter ? 0 : compareNumbers(a, b, at)) || left - right;
}

const isLetter = (code: number): boolean => letter.test(String.fromCodePoint(code));

const isSecondHalf = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xdc00 && at > 0;

/** The numbers that begin where two keys part, or go on there. */
function compareNumbers(a: string, b: string, at: number): number {
  const hasZero = a[at] === "0" || b[at] === "0";
  // Within a number a zero counts; at its beginning it does not.
  const lead = hasZero && isInsideNumber(a, at) ? "1" : "";
  const [left, right] = [digitsFrom(a, at), digitsFrom(b, at)];
  const [leftValue, rightValue] = [numberOf(lead + left), numberOf(lead + right)];
  if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  return left.length - right.length;
}

function isInsideNumber(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(text[before]); before--)
    if (text[before] !== "0") return true;
  return false;
}

function digitsFrom(text: string, at: number): string {
  let end = at;
  while (isDigit(text[end])) end++;
  return text.slice(at, end);
}

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";
const numberOf = (digits: string): bigint => BigInt(digits.slice(0, 400) || "0");
