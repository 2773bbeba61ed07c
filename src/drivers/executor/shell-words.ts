/** One word of a shell line, whatever it holds. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(" ");
