/**
 * Compares what a command printed with its recording, as `data/cli/README.md` says: placeholders stand for values of a
 * kind, tables are cut at the columns of their headers, and the output of a monitor does not depend on its polling.
 */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/x{8}-x{4}-x{4}-x{4}-x{12}/, "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"],
  [/\bx{8}\b/, "[0-9a-f]{8}"],
  [/t{4}-tt-ttTtt:tt:ttZ/, "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"],
  [/\bp{5}\b/, "\\d{4,5}"],
  [/\bn{10}\b/, "\\d{10}"],
  [/h{8,}/, "[0-9a-f]+"],
  [/v\.v\.v/, "\\d+\\.\\d+\\.\\d+(?:[-+][\\w.+-]+)?"],
  [/k{8,}/, "[\\w+/=-]+"],
  [/@ago\b/, "(?:\\d+(?:y|mo|d|h|m|s))+ (?:ago|from now)"],
  [/@n\b/, "\\d[\\d.]*(?:[a-zµ]+[\\d.]*)*(?: (?:[KMGT]i)?B)?"],
  [/@(?:index|ns)\b/, "\\d+"],
  [/@time\b/, "\\d{4}-\\d\\d-\\d\\dT\\S+"],
  [/@(?:path|host)\b/, "\\S+"],
  [/@v\b/, ".*"],
];
const anyKind = new RegExp(kinds.map(([kind]) => `(?:${kind.source})`).join("|"), "g");

/** The lines or, of a table, the cells of one line. */
type Item = readonly string[];

/** What differs, first difference first. */
export function textFaults(expected: string, actual: string): readonly string[] {
  const wanted = itemsOf(expected);
  const given = itemsOf(actual);
  for (let at = 0; at < Math.max(wanted.items.length, given.items.length); at++) {
    const [want, got] = [wanted.items[at], given.items[at]];
    if (want === undefined || got === undefined || !sameItem(want, got))
      return [`line ${at + 1}: ${shown(got)}, wanted ${shown(want)}`];
  }
  return given.misaligned;
}

/** Names on the left in their order; blocks of equal names, as one for each processor, count once. */
export const layoutFaults = (expected: string, actual: string): readonly string[] =>
  textFaults(
    // What the machine has; as wide as before, so that the table stays one.
    namesOnly(expected).replaceAll(/\/[\d.]+ [KMGT]iB/g, (size) => "/@n".padEnd(size.length)),
    namesOnly(actual),
  );

function namesOnly(text: string): string {
  const blocks = text.replaceAll(/^(\s*\S.*?)\s+=(?: .*)?$/gm, "$1 = @v").split("\n\n");
  return blocks
    .filter((block, at) => at === 0 || !`\n${blocks[at - 1]}`.endsWith(`\n${block}`))
    .join("\n\n");
}

/** The `==>` lines in order, the lines of the evaluation as a set, the last state of each version's deployment. */
export function monitorFaults(expected: string, actual: string): readonly string[] {
  const [want, got] = [partsOf(expected), partsOf(actual)];
  const steps = textFaults(want.steps.join("\n"), got.steps.join("\n"));
  const missing = want.events.filter((line) => !got.events.some((other) => isLike(line, other)));
  const extra = got.events.filter((line) => !want.events.some((other) => isLike(other, line)));
  return [
    ...steps,
    ...missing.map((line) => `no line ${shown([line])}`),
    ...extra.map((line) => `one line too much: ${shown([line])}`),
    ...textFaults(want.deployments.join("\n"), got.deployments.join("\n")),
  ];
}

/** The lines about allocations come in any order. */
export function drainFaults(expected: string, actual: string): readonly string[] {
  const ordered = (text: string): string => {
    const lines = text.split("\n");
    const about = lines.filter((line) => line.includes(': Alloc "'));
    const what = (line: string): string => line.replace(/^.*?" /, "");
    return [
      ...lines.filter((line) => !about.includes(line)),
      ...about.toSorted((a, b) => (what(a) < what(b) ? -1 : 1)),
    ].join("\n");
  };
  return textFaults(ordered(expected), ordered(actual));
}

interface MonitorParts {
  readonly steps: readonly string[];
  readonly events: readonly string[];
  readonly deployments: readonly string[];
}

function partsOf(text: string): MonitorParts {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const found = lines.findIndex((line) => line.includes("Monitoring deployment"));
  const turn = found < 0 ? lines.length : found;
  const isStep = (line: string): boolean => line.startsWith("==>");
  const blocks = new Map<string, string[]>();
  let block: string[] = [];
  for (const line of lines.slice(turn).filter((one) => one !== "" && !isStep(one))) {
    if (isLike("tttt-tt-ttTtt:tt:ttZ", line.trim())) continue;
    if (/^ID +=/.test(line)) block = [];
    block.push(line);
    const version = /^Job Version += (\d+)/.exec(line)?.[1];
    if (version !== undefined) blocks.set(version, block);
  }
  return {
    steps: lines.filter(isStep),
    events: lines
      .slice(0, turn)
      .filter((line) => line !== "" && !isStep(line))
      .filter((line) => !/: Allocation "\w+" status changed: /.test(line)),
    // The blank line keeps the table of one block apart from the next block.
    deployments: [...blocks.values()].flatMap((lines_) => [...lines_, ""]),
  };
}

function itemsOf(text: string): {
  readonly items: readonly Item[];
  readonly misaligned: readonly string[];
} {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const items: Item[] = [];
  const misaligned: string[] = [];
  for (let at = 0; at < lines.length;) {
    const starts = columnStarts(lines[at] ?? "");
    if (starts.length < 2) {
      items.push([lines[at] ?? ""]);
      at++;
      continue;
    }
    const from = at;
    for (at++; at < lines.length && fits(lines[at] ?? "", starts);) at++;
    const rows = lines.slice(from, at).map((line) => cut(line, starts));
    items.push(...rows.map((row) => comparable(row, rows[0]?.[0] === "Mode")));
    const odd = setAgain(rows).findIndex((line, row) => line !== lines[from + row]);
    if (odd >= 0) misaligned.push(`line ${from + odd + 1} is not set as a table`);
  }
  return { items, misaligned };
}

function columnStarts(line: string): readonly number[] {
  const cells = [...line.matchAll(/\S+(?: \S+)*/g)];
  const isHeader = cells.every((cell) => /^[A-Z*][A-Za-z /%()#-]*$/.test(cell[0]));
  return isHeader && cells.length >= 2 ? cells.map((cell) => cell.index) : [];
}

const cut = (line: string, starts: readonly number[]): Item =>
  starts.map((start, at) => line.slice(start, starts[at + 1] ?? line.length).trim());

const fits = (line: string, starts: readonly number[]): boolean =>
  line !== "" &&
  starts.every(
    (start) => start === 0 || line.length < start || line.slice(start - 2, start) === "  ",
  );

function setAgain(rows: readonly Item[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** The size of a folder is the file system's, and the order of a member's tags is nobody's. */
const comparable = (row: Item, isListing: boolean): Item =>
  row.map((cell, at) => {
    if (isListing && at === 1 && row[0]?.startsWith("d") === true) return "4.0 KiB";
    return /^\w+=[^, ]*(?:,\w+=[^, ]*)+$/.test(cell) ? cell.split(",").toSorted().join(",") : cell;
  });

/** A row that is only `@v` stands for any row. */
function sameItem(want: Item, got: Item): boolean {
  if (want[0] === "@v" && want.slice(1).every((cell) => cell === "")) return true;
  return want.length === got.length && want.every((cell, at) => isLike(cell, got[at] ?? ""));
}

function isLike(expected: string, actual: string): boolean {
  let pattern = "";
  let at = 0;
  for (const found of expected.matchAll(anyKind)) {
    const kind = kinds.find(([one]) => new RegExp(`^(?:${one.source})$`).test(found[0]));
    pattern += literally(expected.slice(at, found.index)) + (kind?.[1] ?? "");
    at = found.index + found[0].length;
  }
  return new RegExp(`^${pattern}${literally(expected.slice(at))}$`).test(actual);
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

const shown = (item: Item | undefined): string =>
  item === undefined ? "nothing" : JSON.stringify(item.join("  ").slice(0, 160));
