import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";
import { jsonFormOf } from "./json-form.ts";

const data = "test/golden/data";
/** What the JSON form cannot say: the same name for an argument and a block. */
const unsayable = new Set(["config-argument-and-block-same-name"]);
const files = [
  ...readdirSync(join(data, "jobspec"))
    .filter((name) => name.endsWith(".nomad") && !unsayable.has(name.replace(".nomad", "")))
    .map((name) => join(data, "jobspec", name)),
  ...["scenario", "state"].flatMap((folder) =>
    readdirSync(join(data, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".nomad.hcl"))
      .map((name) => join(data, folder, name)),
  ),
];

describe("a recorded job file means the same in the JSON form", () => {
  test.each(files)("%s", (path) => {
    const text = readFileSync(path, "utf8");
    const options = { file: "t", folder: join(data, "jobspec") };
    const plain = parseJob(text, options);
    const json = parseJob(jsonFormOf(text) ?? "", options);
    if (plain.ok) {
      expect(json.ok ? json.body : json.diagnostics.map(formatDiagnostic)).toEqual(plain.body);
    } else {
      expect(json.ok ? [] : json.diagnostics.map(({ summary }) => summary)).toEqual(
        plain.diagnostics.map(({ summary }) => summary),
      );
    }
  });
});
