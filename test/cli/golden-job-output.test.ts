import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadJobFile } from "../../src/cli/job-parser.ts";
import { withoutNulls } from "../support/golden.ts";
import { runAgainst } from "./fake-agent.ts";

/** Every recorded command line that prints a job file as JSON: the same exit code, and the same job. */
interface Recording {
  readonly command?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  readonly exit?: number;
  readonly output?: unknown;
}
const folder = join(import.meta.dirname, "../golden/data/jobspec");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): [string, Recording] => [
    name,
    JSON.parse(readFileSync(join(folder, name), "utf8")) as Recording,
  ])
  .filter(([, recording]) => recording.command !== undefined);

test("there are recordings to compare with", () => {
  expect(cases.length).toBeGreaterThan(5);
});

/** The recorded commands ran in the folder of the files. */
const placed = (word: string): string => {
  const [, before = "", name = ""] = /^(-var-file=)?(.*)$/s.exec(word) ?? [];
  return existsSync(join(folder, name)) && name !== "" ? `${before}${join(folder, name)}` : word;
};

test.each(cases)("%s", async (_, { command = [], environment = {}, exit = 0, output }) => {
  const argv = command.slice(1).map(placed);
  const result = await runAgainst({}, argv, { ports: { loadJob: loadJobFile }, env: environment });
  expect(result.code, result.err).toBe(exit);
  expect(result.requests).toEqual([]);
  if (exit === 0) expect(withoutNulls(JSON.parse(result.out))).toEqual(output);
  else expect(result).toMatchObject({ out: "", err: expect.stringContaining("Job.") });
});
