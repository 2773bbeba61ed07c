/** What has fewer parts than this is written in one go: some tenths of a millisecond. */
const largestPiece = 2000;
/** So many characters of a text weigh as much as one part. */
const charactersPerPart = 64;
const largestSlice = 64 * 1024;
/** Short pieces go out together. */
const leastLength = 16 * 1024;

/** What a walk over a value finds out beside. */
export interface JsonNote {
  /** What is read from the text is just like the value: nothing is left out, and no number is another. */
  survives: boolean;
}

/**
 * Whether a value has so few parts that working on all of it takes a fraction of a millisecond. Stops looking when
 * it has seen enough, so the question costs no more for a large value than for a small one.
 */
export const isSmall = (value: unknown): boolean =>
  roomLeft(value, largestPiece, { survives: true }) >= 0;

function roomLeft(value: unknown, room: number, note: JsonNote): number {
  if (typeof value === "string") return room - 1 - value.length / charactersPerPart;
  if (typeof value !== "object" || value === null) {
    if (!survives(value)) note.survives = false;
    return room - 1;
  }
  let left = room - 1;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at++) left = roomLeft(value[at], left, note);
    return left;
  }
  if (!isPlain(value)) note.survives = false;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    left = roomLeft(fields[key], left - key.length / charactersPerPart, note);
    if (left < 0) break;
  }
  return left;
}

const survives = (value: unknown): boolean =>
  typeof value === "number"
    ? Number.isFinite(value) && !Object.is(value, -0)
    : value === null || typeof value === "boolean";

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/**
 * The text that `JSON.stringify` gives, in pieces none of which takes long to make. Only for plain data: what brings
 * its own `toJSON` is written by that, in one piece.
 */
export function* jsonPieces(
  value: unknown,
  note: JsonNote = { survives: true },
): Generator<string, void> {
  let open = "";
  for (const piece of partsOf(value, note)) {
    open += piece;
    if (open.length < leastLength) continue;
    yield open;
    open = "";
  }
  if (open !== "") yield open;
}

function* partsOf(value: unknown, note: JsonNote): Generator<string, void> {
  if (typeof value === "string" && value.length > largestSlice) yield* textParts(value);
  else if (roomLeft(value, largestPiece, note) >= 0 || typeof value !== "object" || value === null)
    yield JSON.stringify(value) ?? "null";
  else if (Array.isArray(value)) yield* listParts(value, note);
  else if ("toJSON" in value) yield JSON.stringify(value);
  else yield* objectParts(value, note);
}

function* listParts(list: readonly unknown[], note: JsonNote): Generator<string, void> {
  let before = "[";
  for (const item of list) {
    yield before;
    yield* partsOf(item, note);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

function* objectParts(value: object, note: JsonNote): Generator<string, void> {
  let before = "{";
  for (const [key, item] of Object.entries(value)) {
    if (isLeftOut(item)) {
      note.survives = false;
      continue;
    }
    yield `${before}${JSON.stringify(key)}:`;
    yield* partsOf(item, note);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

const isLeftOut = (value: unknown): boolean =>
  value === undefined || typeof value === "function" || typeof value === "symbol";

/** A pair that makes one character together is escaped when it is torn apart, so no slice ends within one. */
function* textParts(text: string): Generator<string, void> {
  let before = '"';
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + largestSlice);
    if (to < text.length && isFirstOfPair(text.charCodeAt(to - 1))) to += 1;
    yield before + JSON.stringify(text.slice(from, to)).slice(1, -1);
    before = "";
    from = to;
  }
  yield '"';
}

const isFirstOfPair = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
