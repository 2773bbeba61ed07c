import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { selfConfig } from "../../src/agent/self-view.ts";
import { createSettings } from "../../src/agent/settings.ts";
import type { JsonObject } from "../../src/lib/json.ts";

const three = { http: "127.0.0.1:4646", rpc: "127.0.0.1:4647", serf: "127.0.0.1:4648" };
const self = (values: JsonObject) =>
  selfConfig({
    settings: createSettings(values),
    isDev: true,
    isServer: true,
    isClient: true,
    dataDir: "/data",
    version: "2.0.5",
    files: ["/etc/a.hcl"],
    ports: { http: 4646, rpc: 4647, serf: 4648 },
    advertise: three,
  });

/** Options are the user's own keys. */
const left = /^Client\.Options\./;

test("the recorded keys are there", () => {
  const recorded = JSON.parse(readFileSync("test/golden/data/api/agent-self.json", "utf8")) as {
    readonly body: { readonly config: JsonObject };
  };
  const wanted = paths(recorded.body.config).filter((path) => !left.test(path));
  const known = new Set(paths(self({})));
  expect(wanted.length).toBeGreaterThan(200);
  expect(wanted.filter((path) => !known.has(path))).toEqual([]);
});

test("each Consul and Vault cluster is told, the unnamed one when none is written", () => {
  expect(self({})).toMatchObject({
    Consuls: [{ Name: "default", Addr: "127.0.0.1:8500", Token: "" }],
    Vaults: [{ Name: "default", JWTAuthBackendPath: "jwt-nomad" }],
  });
  expect(
    self({ consul: { east: { address: "10.0.0.1:8500", token: "top-secret" } } }),
  ).toMatchObject({ Consuls: [{ Name: "east", Addr: "10.0.0.1:8500", Token: "<redacted>" }] });
});

test("what was written shows, secrets do not", () => {
  const config = self({
    region: "north",
    client: { meta: { rack: "r1" } },
    server: { encrypt: "top-secret" },
    acl: { replication_token: "top-secret" },
    plugin: { docker: { config: { allow_privileged: true } } },
  });
  expect(config).toMatchObject({
    Region: "north",
    DataDir: "/data",
    Ports: { HTTP: 4646 },
    Client: { Enabled: true, Meta: { rack: "r1" }, GCMaxAllocs: 50 },
    Plugins: [{ Name: "docker", Config: { allow_privileged: true } }],
  });
  expect(JSON.stringify(config)).not.toContain("top-secret");
});

function paths(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...paths(inner, `${prefix}${key}.`),
  ]);
}
