import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { admit } from "../../../src/agent/admit.ts";
import { formatJobFile } from "../../../src/jobspec/format-job-file.ts";
import { parseJob } from "../../../src/jobspec/parse-job.ts";
import { openCluster } from "../../support/admitted-job.ts";
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

async function written(...flags: readonly string[]): Promise<string> {
  const file = join(folder, "made.hcl");
  expect((await runAgainst({}, ["job", "init", ...flags, file])).code).toBe(0);
  return readFile(file, "utf8");
}

test.each([[[]], [["-short"]]])("the example of %j is taken without a warning", async (flags) => {
  const parsed = parseJob(await written(...flags), { file: "made.hcl" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  expect(admit(parsed.body, openCluster)).toMatchObject({ ok: true, warnings: [] });
});

test("the example of a mesh parses, and is only refused for the mesh", async () => {
  for (const flags of [["-connect"], ["-connect", "-short"]]) {
    await rm(join(folder, "made.hcl"), { force: true });
    const parsed = parseJob(await written(...flags), { file: "made.hcl" });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    expect(admit(parsed.body, openCluster)).toMatchObject({
      ok: false,
      errors: [
        'Service "example-counter" uses connect, which needs Consul and is not available',
        'Service "example-front" uses connect, which needs Consul and is not available',
      ],
    });
  }
});

test("with -short there are no remarks", async () => {
  for (const kind of [[], ["-connect"]]) {
    await rm(join(folder, "made.hcl"), { force: true });
    expect(await written(...kind, "-short")).not.toContain("#");
  }
});

test("an example is in the formatter's own style", async () => {
  for (const flags of [[], ["-short"], ["-connect"], ["-connect", "-short"]]) {
    await rm(join(folder, "made.hcl"), { force: true });
    const text = await written(...flags);
    expect(formatJobFile(text, "made.hcl")).toMatchObject({ text });
  }
});
