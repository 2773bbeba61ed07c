import { describe, expect, test } from "vitest";
import { parseConfigText } from "../../../src/agent/core/config-text.ts";
import { decodeConfig } from "../../../src/agent/core/decode-config.ts";
import { agentConfigSchema } from "../../../src/agent/schema/agent-keys.ts";

function decode(text: string) {
  const parsed = parseConfigText(text, "nomad.cfg");
  if (!parsed.ok) throw new Error(parsed.diagnostic.summary);
  return decodeConfig(parsed.entries, agentConfigSchema, "nomad.cfg");
}

test("values get the type of their key, durations become nanoseconds", () => {
  const decoded = decode(
    'ports { http = "5646" }\nlog_rotate_duration = "1h"\nclient { enabled = true meta { a = 1 } meta { b = "c" } }',
  );
  expect(decoded.faults).toEqual([]);
  expect(decoded.values).toEqual({
    ports: { http: 5646 },
    log_rotate_duration: 3600e9,
    client: { enabled: true, meta: { a: "1", b: "c" } },
  });
});

test("an unknown key names its block, its place and the near miss", () => {
  expect(decode("server {\n  bootstrap_expekt = 3\n}").faults).toEqual([
    {
      severity: "error",
      summary: "unexpected key bootstrap_expekt in server",
      detail: "did you mean bootstrap_expect?",
      file: "nomad.cfg",
      start: { line: 2, column: 3 },
    },
  ]);
});

test("all faults come at once", () => {
  const { faults } = decode(
    'regoin = "x"\nports { http = "many" }\nlog_json = "maybe"\nlog_rotate_duration = "soon"',
  );
  expect(faults.map((fault) => fault.summary)).toEqual([
    "unexpected key regoin",
    "ports.http must be a whole number",
    "log_json must be true or false",
    'log_rotate_duration must be a duration such as "30s"',
  ]);
});

test("keys that are accepted but not acted on are named, with their block", () => {
  const decoded = decode(
    'acl { enabled = true }\nconsul { address = "x" }\nclient { template { max_stale = "1s" } }\nregion = "eu"',
  );
  expect(decoded.faults).toEqual([]);
  expect(decoded.unacted).toEqual(["acl", "consul", "client.template"]);
});

describe("labeled blocks", () => {
  const wanted = {
    plugin: {
      docker: { config: { volumes: { enabled: true } } },
      raw_exec: { config: { enabled: true } },
    },
  };
  test.each([
    [
      "HCL",
      'plugin "docker" { config { volumes { enabled = true } } }\nplugin "raw_exec" { config { enabled = true } }',
    ],
    [
      "JSON object",
      '{"plugin": {"docker": {"config": {"volumes": {"enabled": true}}}, "raw_exec": {"config": {"enabled": true}}}}',
    ],
    [
      "JSON list",
      '{"plugin": [{"docker": {"config": {"volumes": {"enabled": true}}}}, {"raw_exec": {"config": {"enabled": true}}}]}',
    ],
  ])("as %s", (_form, text) => {
    expect(decode(text).values).toEqual(wanted);
  });
});

test("repeated free-form blocks become a list, labels nested keys", () => {
  expect(decode('plugin "x" { config { auth "a" { u = 1 } auth "b" { u = 2 } } }').values).toEqual({
    plugin: { x: { config: { auth: [{ a: { u: 1 } }, { b: { u: 2 } }] } } },
  });
});
