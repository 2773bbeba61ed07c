/** Colours of the terminal. With `on` false every function hands its text through. */
export interface Paint {
  readonly on: boolean;
  bold(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
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
    cyan: wrap("36"),
  };
}
