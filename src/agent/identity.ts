import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Random } from "../lib/random.ts";
import { codeOf } from "../lib/errors.ts";

/** The id in this file, made on first use: a UUID, mode 0600, no line end. */
export function idFromFile(path: string, random: Random): string {
  const found = readId(path);
  if (found !== undefined) return found;
  const id = random.uuid();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Written aside and renamed: a crash leaves no id or the whole id, never half of one.
  writeFileSync(`${path}.new`, id, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return id;
}

function readId(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new Error(`${path} does not hold an id: remove the file to get a new one`);
}
