import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { replaceFile } from "../../lib/system/files.ts";
import type { EntryId } from "../core/types.ts";

/** How far the log once reached, kept in a file of its own: a log that ends before it has lost entries. */
export interface Mark extends EntryId {
  /** Checksum chain at the entry, hex. */
  readonly chain: string;
}

export function readMark(path: string): Mark | undefined {
  if (!existsSync(path)) return undefined;
  const [index, term, chain, sum] = readFileSync(path, "utf8").trim().split(" ");
  const mark = { index: Number(index), term: Number(term), chain: chain ?? "" };
  if (sum !== sumOf(mark))
    throw new AppError("storage", `${path} is damaged: it does not match its own checksum`);
  return mark;
}

export function writeMark(path: string, mark: Mark): void {
  replaceFile(path, `${textOf(mark)} ${sumOf(mark)}\n`);
}

const textOf = (mark: Mark): string =>
  `${mark.index} ${mark.term} ${mark.chain === "" ? "-" : mark.chain}`;
const sumOf = (mark: Mark): string =>
  createHash("sha256").update(textOf(mark)).digest("hex").slice(0, 16);
