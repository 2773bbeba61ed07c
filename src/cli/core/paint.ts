/** Colours of the terminal. With `on` false every function hands its text through. */
export interface Paint {
  readonly on: boolean;
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly magenta: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export function createPaint(on: boolean): Paint {
  const wrap = (code: string) => (text: string) =>
    on && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    on,
    // A heading carries a second reset, so that two tools that compare raw bytes agree.
    bold: (text) => (on ? `\u001b[1m${text}\u001b[0m\u001b[0m` : text),
    red: wrap("31"),
    green: wrap("32"),
    yellow: wrap("33"),
    blue: wrap("34"),
    magenta: wrap("35"),
    cyan: wrap("36"),
  };
}
