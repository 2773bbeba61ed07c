import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("writes an example once and never over another file", async () => {
  const file = join(folder, "x.hcl");
  const first = await runAgainst({}, ["job", "init", "-short", file]);
  expect(first).toMatchObject({ code: 0, out: `Example job file written to ${file}\n` });
  const text = await readFile(file, "utf8");
  expect(text).toContain('job "example" {');
  expect(text).not.toContain("#");
  expect(await runAgainst({}, ["init", file])).toMatchObject({
    code: 1,
    err: `Job '${file}' already exists\n`,
  });
});

test("takes a template from a variable", async () => {
  const file = join(folder, "t.hcl");
  const routes = {
    "GET /v1/var/nomad/job-templates/mine": { body: { Items: { template: "job {}" } } },
  };
  const result = await runAgainst(routes, ["job", "init", "-template", "mine", file]);
  expect(result.code).toBe(0);
  expect(await readFile(file, "utf8")).toBe("job {}");
  expect(
    await runAgainst({ "GET /v1/vars": { body: [] } }, ["job", "init", "-list-templates"]),
  ).toMatchObject({
    code: 1,
    err: "No variables in nomad/job-templates\n",
  });
});
