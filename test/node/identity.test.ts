import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadIdentity } from "../../src/node/identity.ts";
import { openNodeDb } from "../../src/node/node-db.ts";
import { seededRandom } from "../support/seeded-random.ts";

test("a node keeps its name when either of its two places is lost", () => {
  const directory = mkdtempSync(join(tmpdir(), "identity-"));
  const random = seededRandom(5);
  const load = (): ReturnType<typeof loadIdentity> => {
    const db = openNodeDb(directory);
    try {
      return loadIdentity(directory, db, random);
    } finally {
      db.close();
    }
  };
  const first = load();
  expect(load()).toEqual(first);
  rmSync(join(directory, "client-id"));
  expect(load()).toEqual(first);
  expect(statSync(join(directory, "secret-id")).mode & 0o777).toBe(0o600);
  rmSync(join(directory, "node.db"));
  expect(load()).toEqual(first);
  rmSync(directory, { recursive: true });
  expect(load().id).not.toBe(first.id);
  rmSync(directory, { recursive: true });
});
