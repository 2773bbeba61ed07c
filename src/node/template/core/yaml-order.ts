const letter = /\p{L}/u;
const digit = /\p{Nd}/u;

/**
 * The order in which keys of YAML are written, made for people: letters come last, and where numbers differ the
 * smaller one comes first, so that `a2` stands before `a10`.
 */
export function compareYamlKeys(first: string, second: string): number {
  const [a, b] = [Array.from(first), Array.from(second)];
  const at = a.findIndex((character, place) => character !== b[place]);
  if (at < 0 || at >= b.length) return a.length - b.length;
  const [left = "", right = ""] = [a[at], b[at]];
  const [isLeftLetter, isRightLetter] = [letter.test(left), letter.test(right)];
  if (isLeftLetter !== isRightLetter) return isLeftLetter ? 1 : -1;
  return (isLeftLetter ? 0 : compareNumbers(a, b, at)) || codeOf(left) - codeOf(right);
}

/** The numbers that begin where two keys part, or go on there. */
function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const hasZero = a[at] === "0" || b[at] === "0";
  // Within a number a zero counts; at its beginning it does not.
  const lead = hasZero && isInsideNumber(a, at) ? "1" : "";
  const [left, right] = [digitsFrom(a, at), digitsFrom(b, at)];
  const [leftValue, rightValue] = [numberOf(lead + left), numberOf(lead + right)];
  if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  return left.length - right.length;
}

function isInsideNumber(characters: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && digit.test(characters[before] ?? ""); before--)
    if (characters[before] !== "0") return true;
  return false;
}

function digitsFrom(characters: readonly string[], at: number): string {
  let end = at;
  while (/^[0-9]$/.test(characters[end] ?? "")) end++;
  return characters.slice(at, end).join("");
}

const numberOf = (digits: string): bigint => BigInt(digits.slice(0, 400) || "0");
const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
