import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { idFromFile } from "../../src/agent/identity.ts";
import { systemRandom } from "../../src/lib/system/random.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "identity-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test("an id is made once, for its owner only, and kept", () => {
  const path = join(dir, "below", "node-id");
  const id = idFromFile(path, systemRandom);
  expect(readFileSync(path, "utf8")).toBe(id);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(idFromFile(path, systemRandom)).toBe(id);
});

test("a file without an id is never replaced in silence", () => {
  const path = join(dir, "node-id");
  writeFileSync(path, "half");
  expect(() => idFromFile(path, systemRandom)).toThrow(`${path} does not hold an id`);
  expect(readFileSync(path, "utf8")).toBe("half");
});
