import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../lib/random.ts";
import { nodeId } from "../model/ids.ts";
import type { NodeIdentity } from "./core/describe-node.ts";
import type { NodeDb } from "./node-db.ts";

/**
 * Who this machine is, for good. Kept twice, because labels of running containers carry it: a node that forgot its id
 * could not find its own tasks again.
 */
export function loadIdentity(dataDir: string, db: NodeDb, random: Random): NodeIdentity {
  const id = remembered("node-id", join(dataDir, "client-id"), db, random);
  const secretId = remembered("secret-id", join(dataDir, "secret-id"), db, random);
  return { id: nodeId(id), secretId };
}

function remembered(name: string, path: string, db: NodeDb, random: Random): string {
  const written = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  const id = db.identity(name) ?? (written === "" ? random.uuid() : written);
  if (db.identity(name) === undefined) db.setIdentity(name, id);
  if (written !== id) {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(path, id, { mode: 0o600 });
  }
  return id;
}
