import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOfFile } from "./storage/storage-server.ts";

/** Snapshots whose content is what was written, newest first. Damaged ones are passed over. */
export async function verifiedSnapshots(folder: string): Promise<readonly string[]> {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith(".db"))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
  const verified = await Promise.all(
    paths.map(async (path) => ((await isWhole(path)) ? [path] : [])),
  );
  return verified.flat();
}

async function isWhole(path: string): Promise<boolean> {
  const expected = readFileSync(`${path}.sha256`, "utf8").trim();
  return expected === (await hashOfFile(path));
}
