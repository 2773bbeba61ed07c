const none = "<none>";

/** Absent where an agent of another version leaves a field out. */
export type Cell = string | undefined;

/** Rows as columns: padded to the widest cell, two blanks between, the last one not padded. */
export function formatList(rows: readonly (readonly Cell[])[], empty = none): string {
  const cells = rows.map((row) => row.map((cell) => (cell ?? "").trim() || empty));
  const widths = columnWidths(cells);
  return cells
    .map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}

/** As `formatList`, but an empty cell stays blank. */
export const formatListWithSpaces = (rows: readonly (readonly Cell[])[]): string =>
  formatList(rows, "");

/** Names on the left, padded; values on the right of ` = `. */
export function formatKeyValues(pairs: readonly (readonly [string, Cell])[], glue = " = "): string {
  const width = Math.max(0, ...pairs.map(([key]) => textWidth(key)));
  return pairs
    .map(([key, value]) => `${pad(key, width)}${glue}${(value ?? "").trim() || none}`)
    .join("\n");
}

/** Columns count code points: what Go's %-*s does. */
const textWidth = (text: string): number => Array.from(text).length;
const pad = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - textWidth(text)));

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, textWidth(cell));
    });
  return widths;
}
