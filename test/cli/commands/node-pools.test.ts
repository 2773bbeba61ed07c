import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const folder = mkdtempSync(join(tmpdir(), "node-pools-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const edge = { Name: "edge", Description: "far", Meta: { kind: "x" }, NodeIdentityTTL: 3600e9 };
const pools: Routes = { "GET /v1/node/pools": { body: [edge, { ...edge, Name: "edge-2" }] } };

test("the exact name of a pool wins over longer ones, and a beginning of many is refused", async () => {
  const info = await runAgainst(pools, ["node", "pool", "info", "edge"]);
  expect(info.out).toBe(
    "Name              = edge\nDescription       = far\nNode Identity TTL = 1h0m0s\n\nMetadata\nkind = x\n\nScheduler Configuration\nNo scheduler configuration\n",
  );
  const many = await runAgainst(pools, ["node", "pool", "info", "ed"]);
  expect([many.code, many.err.split("\n")[0]]).toEqual([1, "Prefix matched multiple node pools"]);
  const none = await runAgainst({ "GET /v1/node/pools": { body: [] } }, [
    "node",
    "pool",
    "nodes",
    "x",
  ]);
  expect([none.code, none.err]).toEqual([1, 'No node pool with prefix "x" found\n']);
});

test("a file is applied as the API wants it, in both forms", async () => {
  const file = join(folder, "rim.hcl");
  writeFileSync(
    file,
    'node_pool "rim" {\n  description = "outer"\n  meta { a = "b" }\n  scheduler_config {\n    scheduler_algorithm = "spread"\n  }\n}\n',
  );
  const routes: Routes = { "PUT /v1/node/pools": {} };
  const hcl = await runAgainst(routes, ["node", "pool", "apply", file]);
  expect(hcl.out).toBe('Successfully applied node pool "rim"!\n');
  expect(hcl.requests[0]?.body).toEqual({
    Name: "rim",
    Description: "outer",
    Meta: { a: "b" },
    SchedulerConfiguration: { SchedulerAlgorithm: "spread" },
  });
  const json = await runAgainst(routes, ["node", "pool", "apply", "-json", "-"], {
    stdin: '{"Name": "rim", "Description": "outer"}',
  });
  expect(json.requests[0]?.body).toEqual({ Name: "rim", Description: "outer" });
});

test.each([
  ["no such file", ["apply", "/no/such.hcl"], "open /no/such.hcl: no such file or directory"],
  ["an unknown key", ["apply", "-"], "invalid key: colour"],
])("refuses %s", async (_, argv, reason) => {
  const stdin = 'node_pool "x" {\n  colour = "red"\n}\n';
  const result = await runAgainst({}, ["node", "pool", ...argv], { stdin });
  expect([result.code, result.err]).toEqual([1, `Failed to parse input content: ${reason}\n`]);
});

test("the example is written once and can be applied", async () => {
  const file = join(folder, "pool.hcl");
  const first = await runAgainst({}, ["node", "pool", "init", file]);
  expect(first.out).toBe(`Example node pool specification written to ${file}\n`);
  expect((await runAgainst({}, ["node", "pool", "init", file])).code).toBe(1);
  expect(readFileSync(file, "utf8")).toContain('node_pool "example"');
  const applied = await runAgainst({ "PUT /v1/node/pools": {} }, ["node", "pool", "apply", file]);
  expect(applied.out).toBe('Successfully applied node pool "example"!\n');
});
