import { assertNever } from "./errors.ts";
import type { Json } from "./json.ts";
import { Weigher } from "./weigher.ts";

/** As long as a piece gets, unless one text alone is longer. */
const pieceLength = 64 * 1024;

/**
 * A step of building a value: a part as a whole, a list or an object that begins, or the end of one. The name is that
 * of the field where the part belongs; parts of lists have none.
 */
type Step =
  | readonly ["part", Json, string?]
  | readonly ["list", string?]
  | readonly ["object", string?]
  | readonly ["end"];

/**
 * A JSON value as texts each of which is short and can be read by itself, so that neither writing nor reading it takes
 * long at a stretch. An empty text is only a moment to breathe.
 */
export function* valuePieces(value: Json): Generator<string, void> {
  let open: string[] = [];
  let length = 0;
  for (const step of stepsOf(value, undefined, new Weigher())) {
    if (step === undefined) {
      yield "";
      continue;
    }
    const text = JSON.stringify(step);
    open.push(text);
    length += text.length;
    if (length < pieceLength) continue;
    yield `[${open.join(",")}]`;
    open = [];
    length = 0;
  }
  if (open.length > 0) yield `[${open.join(",")}]`;
}

/** undefined is a moment to breathe. */
function* stepsOf(
  value: Json,
  name: string | undefined,
  weigher: Weigher,
): Generator<Step | undefined, void> {
  const at: [string?] = name === undefined ? [] : [name];
  if (weigher.isSmall(value) || typeof value !== "object" || value === null) {
    yield ["part", value, ...at];
    return;
  }
  yield undefined;
  if (isList(value)) {
    yield ["list", ...at];
    for (const item of value) yield* stepsOf(item, undefined, weigher);
  } else {
    yield ["object", ...at];
    for (const key of Object.keys(value)) {
      const item = value[key];
      if (item !== undefined) yield* stepsOf(item, key, weigher);
    }
  }
  yield ["end"];
}

type OpenValue = Json[] | Record<string, Json>;

/** Builds the value again from its texts, which have to come in their order. */
export class ValueBuilder {
  readonly #open: OpenValue[] = [];
  #whole: Json | undefined;

  add(piece: string): void {
    // What `valuePieces` wrote.
    for (const step of JSON.parse(piece) as readonly Step[]) this.#take(step);
  }

  finish(): Json {
    if (this.#whole === undefined || this.#open.length > 0)
      throw new Error("assertion failed: the pieces make up no whole value");
    return this.#whole;
  }

  #take(step: Step): void {
    switch (step[0]) {
      case "part":
        this.#put(step[1], step[2]);
        return;
      case "list":
        this.#begin([], step[1]);
        return;
      case "object":
        this.#begin({}, step[1]);
        return;
      case "end":
        this.#open.pop();
        return;
      default:
        assertNever(step);
    }
  }

  #begin(value: OpenValue, name: string | undefined): void {
    this.#put(value, name);
    this.#open.push(value);
  }

  #put(value: Json, name: string | undefined): void {
    const into = this.#open.at(-1);
    if (into === undefined) this.#whole = value;
    else if (Array.isArray(into)) into.push(value);
    // Assigning this one name would change what the object is.
    else if (name === "__proto__")
      Object.defineProperty(into, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else if (name !== undefined) into[name] = value;
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
