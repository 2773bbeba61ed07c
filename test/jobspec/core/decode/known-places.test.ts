import { expect, test } from "vitest";
import { knownPlaces } from "../../../../src/jobspec/core/decode/known-places.ts";
import type { BlockSpec } from "../../../../src/jobspec/core/decode/spec-types.ts";

const leaf: BlockSpec = { arguments: { a: "A:int" } };
const loop: { arguments: BlockSpec["arguments"]; blocks: NonNullable<BlockSpec["blocks"]> } = {
  arguments: { b: "B:int" },
  blocks: { leaf: { kind: "once", key: "Leaf", spec: leaf } },
};
loop.blocks = { ...loop.blocks, loop: { kind: "list", key: "Loop", spec: loop } };
const around: BlockSpec = {
  arguments: { c: "C:int" },
  blocks: {
    loop: { kind: "list", key: "Loop", spec: loop },
    config: { kind: "free", key: "Config" },
    env: { kind: "open", key: "Env", type: "string" },
  },
};

const places = (path: Parameters<typeof knownPlaces>[0]): readonly string[] =>
  knownPlaces(path).map(({ name, kind, home, distance }) => `${distance} ${home}.${name} ${kind}`);

test("the block's own names come first, then those one step in or out, and each block counts once", () => {
  expect(
    places([
      { name: undefined, spec: around },
      { name: "loop", spec: loop },
    ]).filter((place) => !place.includes("config.")),
  ).toEqual([
    "0 loop.b argument",
    "0 loop.leaf block",
    "0 loop.loop block",
    "1 undefined.c argument",
    "1 undefined.loop block",
    "1 undefined.config block",
    "1 undefined.env block",
    "1 leaf.a argument",
  ]);
});

test("options of drivers are known in config", () => {
  expect(places([{ name: "task", spec: around }])).toContain("1 config.image argument");
});
