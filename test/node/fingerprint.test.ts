import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashText, readMachine } from "../../src/node/fingerprint.ts";

test("this machine says what it has", async () => {
  const allocDir = mkdtempSync(join(tmpdir(), "fingerprint-"));
  const facts = await readMachine({ allocDir, networkInterface: "lo" });
  expect(facts.cores.length).toBeGreaterThan(0);
  expect(facts.memoryBytes).toBeGreaterThan(2 ** 20);
  expect(facts.storage.totalBytes).toBeGreaterThan(2 ** 20);
  expect(facts.network.device).toBe("lo");
  expect(facts.network.addresses[0]).toEqual({ address: "127.0.0.1", family: "ipv4" });
  rmSync(allocDir, { recursive: true });
});

test("an interface that is not there is an error, not a guess", async () => {
  const allocDir = mkdtempSync(join(tmpdir(), "fingerprint-"));
  await expect(readMachine({ allocDir, networkInterface: "nope0" })).rejects.toThrow(
    "there is no network interface nope0",
  );
  rmSync(allocDir, { recursive: true });
});

test("a class hash is decimal and depends on its text", () => {
  expect(hashText("a")).toMatch(/^\d+$/);
  expect(hashText("a")).not.toBe(hashText("b"));
});
