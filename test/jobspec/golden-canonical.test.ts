import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canonicalizeJobBody } from "../../src/jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { withoutNulls } from "../support/golden.ts";

const folder = join(import.meta.dirname, "../golden/data/jobspec");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): [string, Record<string, unknown>] => [
    name,
    JSON.parse(readFileSync(join(folder, name), "utf8")),
  ])
  .filter(([, recording]) => "canonical" in recording);

test("there are recordings to compare with", () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)("%s is decoded without loss", (_, recording) => {
  const decoded = decodeJobBody(recording["parsed"]);
  expect(decoded.ok ? withoutNulls(decoded.body) : decoded).toEqual(recording["parsed"]);
});

test.each(cases)("%s is canonicalized as the reference does", (_, recording) => {
  const decoded = decodeJobBody(recording["parsed"]);
  if (!decoded.ok) throw new Error(decoded.message);
  expect(withoutNulls(canonicalizeJobBody(decoded.body))).toEqual(recording["canonical"]);
});

test.each(cases)("%s stays as it is when canonicalized again", (_, recording) => {
  const decoded = decodeJobBody(recording["parsed"]);
  if (!decoded.ok) throw new Error(decoded.message);
  const once = canonicalizeJobBody(decoded.body);
  expect(canonicalizeJobBody(once)).toEqual(once);
});
