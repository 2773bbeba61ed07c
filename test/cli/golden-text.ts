import { readFileSync } from "node:fs";

const data = new URL("../golden/data/", import.meta.url);
const readText = (path: string): string => readFileSync(new URL(path, data), "utf8");

export const recordedText = (name: string): string => readText(`cli/${name}.txt`);
export interface RecordedCommand {
  readonly argv: readonly string[];
  readonly exit: number;
}
export const recordedCommand = (name: string): RecordedCommand =>
  JSON.parse(readText(`cli/${name}.json`)) as RecordedCommand;

/** When everything in the filled-in recordings happened, five seconds before the fake clock's start. */
const happened = 1_700_000_000_000 - 5000;

/** The body of a recorded answer with its placeholders made real. */
/* eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the one place that says what a recording holds */
export function recordedBody<T>(name: string): T {
  const recording = JSON.parse(readText(`api/${name}.json`)) as { readonly body: unknown };
  return fill(recording.body) as T;
}

function fill(value: unknown): unknown {
  if (typeof value === "string") return fillText(value);
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [fillText(key), fill(inner)]),
  );
}

function fillText(text: string): unknown {
  const uuid = /^@uuid:(\d+)$/.exec(text)?.[1];
  if (uuid !== undefined)
    return `${uuid.padStart(8, "0")}-aaaa-bbbb-cccc-${uuid.padStart(12, "0")}`;
  const known: Readonly<Record<string, unknown>> = {
    "@index": 12,
    "@int": 33,
    "@number": 33,
    "@port": 30_001,
    "@bool": true,
    "@ip": "127.0.0.1",
    "@string": "s",
    "@version": "2.0.5",
    "@ns": happened * 1e6,
    "@time": new Date(happened).toISOString(),
    "@hash": "f".repeat(64),
  };
  if (Object.hasOwn(known, text)) return known[text];
  return text
    .replace(/dispatch-@int-@hex8|dispatch-@int-\S+/, "dispatch-1700000000-abcdef01")
    .replace(/periodic-@int/, "periodic-1700000000")
    .replaceAll("@ip", "127.0.0.1")
    .replaceAll("@port", "30001");
}

/** Writes the recordings' placeholders over what differs from run to run, tables set anew. */
export function normalize(text: string): string {
  const lines = text.replaceAll(/[ ]+$/gm, "").split("\n");
  const result: string[] = [];
  for (let at = 0; at < lines.length;) {
    const header = lines[at] ?? "";
    const starts = columnStarts(header);
    if (starts.length < 2) {
      result.push(replace(header));
      at++;
      continue;
    }
    const rows = [cut(header, starts)];
    at++;
    for (; at < lines.length && fits(lines[at] ?? "", starts); at++)
      rows.push(cut(lines[at] ?? "", starts).map(replace));
    result.push(...layOut(rows));
  }
  return result.join("\n").trimEnd();
}

function replace(text: string): string {
  return text
    .replaceAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    )
    .replaceAll(/(?<![0-9A-Za-z])[0-9a-f]{8}(?![0-9A-Za-z-])/g, "xxxxxxxx")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "tttt-tt-ttTtt:tt:ttZ")
    .replaceAll(/(?:\d+(?:y|mo|d|h|m|s))+ (?:ago|from now)/g, "@ago")
    .replaceAll(/(periodic|dispatch)-\d{10}/g, "$1-nnnnnnnnnn")
    .replaceAll(/127\.0\.0\.1:\d{5}/g, "127.0.0.1:ppppp")
    .replaceAll(/\b30001\b/g, "ppppp")
    .replaceAll("f".repeat(64), "h".repeat(64))
    .replaceAll("@number", "@n")
    .replaceAll(/[\d.]+(?: [KMG]?i?B)?(?=\/\d)/g, "@n")
    .replaceAll(/(Job Modify Index: |-check-index )\d+/g, "$1@index");
}

function columnStarts(line: string): number[] {
  const cells = [...line.matchAll(/\S+(?: \S+)*/g)];
  const isHeader = cells.every((cell) => /^[A-Z*][A-Za-z /%()#-]*$/.test(cell[0]));
  return isHeader && cells.length >= 2 ? cells.map((cell) => cell.index) : [];
}

const cut = (line: string, starts: readonly number[]): string[] =>
  starts.map((start, at) => line.slice(start, starts[at + 1] ?? line.length).trim());

const fits = (line: string, starts: readonly number[]): boolean =>
  line !== "" &&
  starts.every(
    (start) => start === 0 || line.length < start || line.slice(start - 2, start) === "  ",
  );

function layOut(rows: readonly (readonly string[])[]): string[] {
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
