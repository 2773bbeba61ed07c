/** A text that somebody may send to make the reader work for long or take much memory. */
export type HostileText = readonly [name: string, text: string];

export const job = (inside: string): string => `job "j" {\n${inside}\n}\n`;
export const value = (expression: string): string => job(`meta = { a = ${expression} }`);
export const locals = (lines: readonly string[], last: string): string =>
  `locals {\n${lines.join("\n")}\n}\n${job(`meta = { a = ${last} }`)}`;
/** Locals that each use the one before twice or more. */
export const growing = (count: number, next: (before: string) => string, first: string): string =>
  locals(
    [
      `a0 = ${first}`,
      ...Array.from({ length: count }, (_, at) => `a${at + 1} = ${next(`local.a${at}`)}`),
    ],
    `"\${length([local.a${count}])}"`,
  );
export const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

export const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
export const everySequence = [
  "${",
  "%{",
  "$${",
  "<<A\n",
  "<<-A\n",
  "/*",
  "a=1\n",
  "a{}\n",
  "a {\n",
  '"a"',
  "a.",
  "a,",
  "[*]",
  "!!",
  "--",
  "a?",
  "a:",
  "for ",
  "x(",
  "1+",
  "~}",
  "%{if x}",
  "${a}",
];

export const big = "big = flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]])";
export const words = 'words = [for a in range(1000) : "w-${a}"]';
export const wide = 'wide = { for a in range(1000) : "key-${a}" => a }';
/** A loop over a thousand times a thousand turns. */
export const often = (inside: string): string =>
  `length([for x in range(1000) : [for y in range(1000) : ${inside}]])`;
export const withLocal = (line: string, inside: string): string => locals([line], inside);

export const openings = [
  '"',
  '"${',
  "[",
  "{",
  "(",
  "<<A\n",
  "<<-A\n${",
  '"%{if ',
  '"%{for a in ',
  "[for a in ",
  "{for a in ",
  "/*",
  "f(",
  "a[",
  "a ? ",
];
