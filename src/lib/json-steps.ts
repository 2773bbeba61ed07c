import { Weigher } from "./weigher.ts";

const largestSlice = 64 * 1024;
/** Short pieces go out together. */
const leastLength = 16 * 1024;

/**
 * The text that `JSON.stringify` gives, in pieces none of which takes long to make; an empty one is only a moment to
 * breathe. Only for plain data: what brings its own `toJSON` is written by that, in one piece. Afterwards the weigher
 * knows whether the text gives the value back.
 */
export function* jsonPieces(
  value: unknown,
  weigher: Weigher = new Weigher(),
): Generator<string, void> {
  let open = "";
  for (const piece of partsOf(value, weigher)) {
    open += piece;
    if (piece !== "" && open.length < leastLength) continue;
    yield open;
    open = "";
  }
  if (open !== "") yield open;
}

function* partsOf(value: unknown, weigher: Weigher): Generator<string, void> {
  if (typeof value === "string" && value.length > largestSlice) yield* textParts(value);
  else if (weigher.isSmall(value) || typeof value !== "object" || value === null)
    yield JSON.stringify(value) ?? "null";
  else if (Array.isArray(value)) yield* listParts(value, weigher);
  else if ("toJSON" in value) yield JSON.stringify(value);
  else yield* objectParts(value, weigher);
}

function* listParts(list: readonly unknown[], weigher: Weigher): Generator<string, void> {
  let before = "[";
  yield "";
  for (const item of list) {
    yield before;
    yield* partsOf(item, weigher);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

function* objectParts(value: object, weigher: Weigher): Generator<string, void> {
  let before = "{";
  yield "";
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) {
    const item = fields[key];
    if (isLeftOut(item)) {
      weigher.survivesJson = false;
      continue;
    }
    yield `${before}${JSON.stringify(key)}:`;
    yield* partsOf(item, weigher);
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
