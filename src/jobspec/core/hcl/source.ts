import type { Diagnostic, Position } from "../../../lib/diagnostic.ts";
import { graphemeCount } from "../../../lib/graphemes.ts";

/** A text that is read, and the places in it. Offsets count UTF-16 units; people are told lines and grapheme columns. */
export interface Source {
  readonly name: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** Where this text comes from when it was taken out of another one: pieces of it in line, from place to place. */
  readonly origin?: {
    readonly source: Source;
    readonly jumps: readonly { readonly offset: number; readonly at: number }[];
  };
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
  return { name, text: plain, lineStarts };
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
  const before = source.text.slice(source.lineStarts[low] ?? 0, offset);
  return { line: low + 1, column: graphemeCount(before) + 1 };
}

/** What is wrong at one place. Thrown while one construct is read and collected where the next one starts. */
export class Fault extends Error {
  readonly range: Range | undefined;
  readonly #detail: string | (() => string);
  readonly #about: Range | undefined;

  constructor(
    range: Range | undefined,
    summary: string,
    detail: string | (() => string),
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
    const detail = typeof this.#detail === "string" ? this.#detail : this.#detail();
    const diagnostic = diagnosticAt(this.range, this.message, detail);
    return this.#about === undefined ? diagnostic : { ...diagnostic, about: placeOf(this.#about) };
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
  override get diagnostic(): Diagnostic {
    return this.#first.diagnostic;
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

const placeOf = ({ source, start, end }: Range) => ({
  file: source.name,
  start: positionAt(source, start),
  end: positionAt(source, end),
});

/** Nobody reads more, and a text of which every line is wrong must not cost more than one that is right. */
const mostKept = 1000;

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
    try {
      return step();
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      this.addFault(thrown);
      return undefined;
    }
  }

  /** Adds a fault, and all that it was found together with. */
  addFault(fault: Fault): void {
    for (const one of fault.all) if (this.#list.length < mostKept) this.add(one.diagnostic);
  }

  get list(): readonly Diagnostic[] {
    return this.#list;
  }
}
