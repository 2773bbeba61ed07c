import { expect, test } from "vitest";
import { parseSpec } from "../../src/jobspec/parse-spec.ts";

const read = (text: string) => parseSpec(text, { file: "pool.hcl", block: "node_pool" });

test("reads one labelled block, blocks within as objects", () => {
  const text = `node_pool "rim" {
  description = "outer"
  meta { floor = "two" }
  sizes = [1, 2.5, true, null]
}`;
  expect(read(text)).toEqual({
    ok: true,
    spec: {
      label: "rim",
      body: { description: "outer", meta: { floor: "two" }, sizes: [1, 2.5, true, null] },
    },
  });
});

test.each([
  ["nothing", ""],
  ["another block", 'job "x" {\n}'],
  ["no label", "node_pool {\n}"],
  ["two labels", 'node_pool "a" "b" {\n}'],
  ["two blocks", 'node_pool "a" {\n}\nnode_pool "b" {\n}'],
  ["an argument", "node_pool = 1"],
  ["the same argument twice", 'node_pool "a" {\n  x = 1\n  x = 2\n}'],
  ["an unknown name", 'node_pool "a" {\n  x = var.y\n}'],
  ["no closing brace", 'node_pool "a" {'],
])("refuses %s", (_, text) => {
  const parsed = read(text);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.diagnostics.length).toBeGreaterThan(0);
});
