import type { Diagnostic, Position } from "../../../lib/diagnostic.ts";
import { graphemesOf } from "../../../lib/graphemes.ts";

/** A text that is read, and the places in it. Offsets count UTF-16 units; people are told lines and grapheme columns. */
export interface Source {
  readonly name: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** How many words and signs of it were read, with those of texts that were taken out of it. */
  readonly reading: Reading;
  /** Where this text comes from when it was taken out of another one: pieces of it in line, from place to place. */
  readonly origin?: {
    readonly source: Source;
    readonly jumps: readonly { readonly offset: number; readonly at: number }[];
  };
}
/** `spent` is what was told when there were too many: every later place gets the same, which is then told once. */
export interface Reading {
  count: number;
  spent?: Fault;
  /** Where the last column was counted. */
  place?: { readonly lineStart: number; readonly end: number; readonly graphemes: number };
}
export interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export function createSource(name: string, text: string): Source {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const lineStarts = [0];
  for (let at = plain.indexOf("\n"); at >= 0; at = plain.indexOf("\n", at + 1))
    lineStarts.push(at + 1);
  return { name, text: plain, lineStarts, reading: { count: 0 } };
}

export function positionAt(source: Source, offset: number): Position {
  if (source.origin !== undefined) {
    const jump = source.origin.jumps.findLast((candidate) => candidate.offset <= offset);
    return positionAt(source.origin.source, (jump?.at ?? 0) + offset - (jump?.offset ?? 0));
  }
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: columnAt(source, source.lineStarts[low] ?? 0, offset) };
}

/** What lies behind this in a line is counted in units: nobody looks for a column so far out. */
const longestCounted = 10_000;

/** The last place is kept, because many faults of one line are told from left to right. */
function columnAt({ text, reading }: Source, lineStart: number, offset: number): number {
  const end = Math.min(offset, lineStart + longestCounted);
  const last = reading.place;
  const isNear = last?.lineStart === lineStart && last.end <= end;
  const from = isNear ? last : { end: lineStart, graphemes: 0 };
  const piece = text.slice(from.end, end);
  const isPlain = /^[\x20-\x7e\t]*$/.test(piece);
  const found = isPlain ? undefined : graphemesOf(piece);
  const count = found?.length ?? piece.length;
  if (count > 0)
    // The last character is counted anew: what stands behind it may still belong to it.
    reading.place = {
      lineStart,
      end: end - (found?.at(-1)?.length ?? 1),
      graphemes: from.graphemes + count - 1,
    };
  return from.graphemes + count + (offset - end) + 1;
}

/** Without a hint where it is brief: looking for what was meant takes long among many names. */
type FaultDetail = (isBrief: boolean) => string;

/** What is wrong at one place. Thrown while one construct is read and collected where the next one starts. */
export class Fault extends Error {
  readonly range: Range | undefined;
  readonly #detail: string | FaultDetail;
  readonly #about: Range | undefined;
  #told: Diagnostic | undefined;

  constructor(
    range: Range | undefined,
    summary: string,
    detail: string | FaultDetail,
    about?: Range,
  ) {
    super(summary);
    this.name = "Fault";
    this.range = range;
    this.#detail = detail;
    this.#about = about;
  }

  /** Places and hints cost work, and `try` drops most faults untold. */
  get diagnostic(): Diagnostic {
    return this.tell(false);
  }

  tell(isBrief: boolean): Diagnostic {
    if (this.#told !== undefined) return this.#told;
    const detail = typeof this.#detail === "string" ? this.#detail : this.#detail(isBrief);
    const diagnostic = diagnosticAt(this.range, this.message, detail);
    this.#told =
      this.#about === undefined ? diagnostic : { ...diagnostic, about: placeOf(this.#about) };
    return this.#told;
  }

  /** Itself, and whatever else is wrong in the same expression. */
  get all(): readonly Fault[] {
    return [this];
  }
}

/** A fault that makes no sense of what follows it. */
export class FinalFault extends Fault {}

/** Faults of one expression that do not come from each other, in the order in which they are met. */
export class SeveralFaults extends Fault {
  readonly #first: Fault;
  readonly #others: readonly Fault[];

  constructor(first: Fault, others: readonly Fault[]) {
    super(first.range, first.message, "");
    this.#first = first;
    this.#others = others;
  }

  /** Where only one can be told it is the first. */
  override tell(isBrief: boolean): Diagnostic {
    return this.#first.tell(isBrief);
  }

  override get all(): readonly Fault[] {
    return [this.#first, ...this.#others];
  }
}

export function diagnosticAt(
  range: Range | undefined,
  summary: string,
  detail: string,
): Diagnostic {
  if (range === undefined) return { severity: "error", summary, detail };
  return { severity: "error", summary, detail, ...placeOf(range) };
}

/** As people are told of it. */
export const placeOf = ({ source, start, end }: Range) => ({
  file: source.name,
  start: positionAt(source, start),
  end: positionAt(source, end),
});

/** Nobody reads more, and a text of which every line is wrong must not cost more than one that is right. */
const mostKept = 1000;
/** Where so much is wrong, hints are left out. */
const mostHinted = 30;

/** Collects faults in the order they are met; one that is already there is not added again. */
export class Faults {
  readonly #list: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  add(diagnostic: Diagnostic): void {
    if (this.#list.length >= mostKept) return;
    const { file, start, summary, detail } = diagnostic;
    const key = JSON.stringify([file, start, summary, detail]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#list.push(diagnostic);
  }

  at(range: Range | undefined, summary: string, detail: string): void {
    if (this.#list.length < mostKept) this.add(diagnosticAt(range, summary, detail));
  }

  /** Runs one step; a fault in it is kept and the answer is undefined. */
  attempt<T>(step: () => T): T | undefined {
    // The text is refused already.
    if (this.isFull) return undefined;
    try {
      return step();
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      this.addFault(thrown);
      return undefined;
    }
  }

  /** Whether what comes now would not be told. */
  get isFull(): boolean {
    return this.#list.length >= mostKept;
  }

  /** Adds a fault, and all that it was found together with. */
  addFault(fault: Fault): void {
    for (const one of fault.all)
      if (!this.isFull) this.add(one.tell(this.#list.length >= mostHinted));
  }

  get list(): readonly Diagnostic[] {
    return this.#list;
  }
}
