import { expect, test } from "vitest";
import { admit } from "../../src/agent/admit.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { openCluster } from "../support/admitted-job.ts";

function admitted(config: string, driver = "docker", rest = "") {
  const text = `job "web" {\n group "g" {\n task "t" {\n driver = "${driver}"\n config {\n ${config}\n }\n ${rest}\n }\n }\n }`;
  const parsed = parseJob(text, { file: "web.nomad" });
  if (!parsed.ok) throw new Error("does not parse");
  return admit(parsed.body, openCluster);
}

test("a typing mistake in a driver's config is refused before anything is stored", () => {
  expect(admitted('imgae = "busybox"')).toMatchObject({
    ok: false,
    errors: ["Task group g task t: unknown option config.imgae; did you mean image?"],
  });
  expect(admitted('comand = "sleep"', "raw_exec").ok).toBe(false);
});

test("what the drivers have against a job that its own rules refuse is found too, and not in the rules' texts", () => {
  const refused = admitted('imgae = "busybox"\n prot = 1', "docker", "resources { cpu = 0 }");
  expect(refused).toMatchObject({
    ok: false,
    errors: [expect.stringContaining("minimum CPU value is 1; got 0")],
    findings: [
      { severity: "error", summary: "minimum CPU value is 1; got 0" },
      { severity: "error", summary: expect.stringContaining("unknown option config.imgae") },
      { severity: "error", summary: expect.stringContaining("unknown option config.prot") },
    ],
  });
  expect(JSON.stringify(refused.ok ? [] : refused.errors)).not.toContain("config.");
});

test("what names a value of the running task passes, whatever kind is wanted", () => {
  expect(
    admitted('image = "busybox"\n shm_size = "${meta.shm}"\n args = ["${NOMAD_PORT_http}"]').ok,
  ).toBe(true);
});

test("a driver that nobody published is left to the scheduler", () => {
  expect(admitted('anything = "goes"', "podman")).toMatchObject({ ok: true, warnings: [] });
});

test("an option like none of the driver that pretends is told and not refused", () => {
  const text = "Task group g task t: config.colour is no known option of mock_driver";
  expect(admitted('colour = "red"', "mock_driver")).toMatchObject({ ok: true, warnings: [text] });
});
