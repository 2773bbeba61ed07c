import type { Position } from "../../../lib/diagnostic.ts";

/** What is wrong with a template, and where in its text. Lines and columns count from 1. */
export interface TemplateFault {
  readonly message: string;
  readonly start: Position;
}

/** What a function says about its arguments; who called it knows the place. */
export class CallFault extends Error {}

/** No data that is still missing could change this one. */
export class FinalFault extends CallFault {}

/** The template took too much. */
export class LimitFault extends FinalFault {}

/** A fault with its place in the text. */
export class PlacedFault extends Error {
  readonly at: number;
  /** Would it be one with other data too? */
  readonly isFinal: boolean;

  constructor(message: string, at: number, isFinal = false) {
    super(message);
    this.at = at;
    this.isFinal = isFinal;
  }
}

/** What is shown to people: the place as line and column. */
export function faultAt(text: string, fault: PlacedFault): TemplateFault {
  const before = text.slice(0, fault.at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    message: fault.message,
    start: { line: before.split("\n").length, column: fault.at - lineStart + 1 },
  };
}

/** `name:LINE:COLUMN: what is wrong`. */
export const formatFault = (name: string, fault: TemplateFault): string =>
  `${name}:${fault.start.line}:${fault.start.column}: ${fault.message}`;
