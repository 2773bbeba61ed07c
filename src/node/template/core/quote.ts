const named: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};
const unprintable = /[\p{C}\p{Z}]/u;

/** The text as a quoted literal of the language; what cannot be printed is written by its number. */
export function quote(text: string, mark: '"' | "'" = '"', isPlain = false): string {
  let out = "";
  for (const character of text) out += quoteCharacter(character, mark, isPlain);
  return mark + out + mark;
}

function quoteCharacter(character: string, mark: string, isPlain: boolean): string {
  if (character === mark) return `\\${mark}`;
  const known = named[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const isShown = character === " " || !unprintable.test(character);
  if (isShown && (!isPlain || code < 0x7f)) return character;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
