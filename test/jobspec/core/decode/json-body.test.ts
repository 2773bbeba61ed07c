import { expect, test } from "vitest";
import { bodyFromJson, argumentsFromJson } from "../../../../src/jobspec/core/decode/json-body.ts";
import type { BlockSpec } from "../../../../src/jobspec/core/decode/spec-types.ts";
import { readJsonText } from "../../../../src/jobspec/core/hcl/json-text.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";

const inner: BlockSpec = { arguments: { x: "X:string" } };
const spec: BlockSpec = {
  arguments: { a: "A:string", both: "Both:stringMap?" },
  blocks: {
    plain: { kind: "list", key: "Plain", spec: inner },
    one: { kind: "list", key: "One", spec: { ...inner, labels: ["L"] } },
    two: { kind: "list", key: "Two", spec: { ...inner, labels: ["L", "M"] } },
    both: { kind: "open", key: "Both", type: "string" },
  },
};

/** Every item as "name", with labels for a block and "=" for an argument, then the faults with their columns. */
function shapeOf(value: string): readonly string[] {
  const faults = new Faults();
  const body = bodyFromJson(readJsonText(createSource("t", value)), spec, faults);
  return [
    ...body.items.map((item) =>
      item.kind === "attribute"
        ? `${item.name} =`
        : [item.name, ...item.labels.map(({ text }) => text)].join(" "),
    ),
    ...faults.list.map(({ start, summary }) => `${start?.column} ${summary}`),
  ];
}

test("properties become arguments and blocks by the table", () => {
  expect(shapeOf('{"a": "1", "//": 3, "plain": {}, "unknown": {"x": 1}}')).toEqual([
    "a =",
    "plain",
    "unknown =",
  ]);
  expect(shapeOf('{"plain": [{}, {}], "one": {"l": {}, "m": [{}, {}]}}')).toEqual([
    "plain",
    "plain",
    "one l",
    "one m",
    "one m",
  ]);
  expect(shapeOf('{"two": [{"l": {"m": {}}}, {"l": [{"n": {}}, {"o": {}}]}]}')).toEqual([
    "two l m",
    "two l n",
    "two l o",
  ]);
  expect(shapeOf('[{"a": 1}, {"plain": {}}]')).toEqual(["a =", "plain"]);
  expect(shapeOf('{"plain": null, "one": {"l": null}}')).toEqual([]);
  expect(shapeOf('{"both": {"k": 1}}')).toEqual(["both ="]);
  expect(shapeOf('{"both": [{"k": 1}]}')).toEqual(["both"]);
});

test.each([
  ['{"plain": "x"}', ["11 Incorrect JSON value type"]],
  ['{"plain": [1]}', ["12 Incorrect JSON value type"]],
  ['{"one": {}}', ["9 Missing name for one"]],
  ['{"one": "x"}', ["9 Incorrect JSON value type"]],
  ['{"one": ["x"]}', ["10 Incorrect JSON value type"]],
  ['{"one": {"l": true}}', ["15 Incorrect JSON value type"]],
  ["[3]", ["2 Incorrect JSON value type"]],
  ['{"a": "${"}', ["10 Invalid expression"]],
  ['{"a": {"k": 1, "k": 2}}', ["16 Duplicate object attribute"]],
  ['{"dynamic": {"plain": 1}}', ["23 Incorrect JSON value type"]],
])("%s is faulty at its place", (text, faults) => {
  expect(shapeOf(text)).toEqual(faults);
});

test("a dynamic block keeps its parts", () => {
  const faults = new Faults();
  const text =
    '{"dynamic": {"one": {"for_each": [1], "iterator": "it", "labels": ["${it.key}"], "content": {"x": 1}}}}';
  const [block] = bodyFromJson(readJsonText(createSource("t", text)), spec, faults).items;
  if (block?.kind !== "block") throw new Error("no block");
  expect([block.name, block.labels[0]?.text]).toEqual(["dynamic", "one"]);
  expect(block.body.items.map(({ kind, name }) => [kind, name])).toEqual([
    ["attribute", "for_each"],
    ["attribute", "iterator"],
    ["attribute", "labels"],
    ["block", "content"],
  ]);
  expect(faults.list).toEqual([]);
});

test("text is a template or taken as it is", () => {
  const node = readJsonText(createSource("t", '{"a": "x${y}", "b": "${y}", "c": "plain"}'));
  const kinds = (reading: "template" | "verbatim"): readonly string[] =>
    argumentsFromJson(node, reading, new Faults()).items.map((item) =>
      item.kind === "attribute" ? item.value.kind : "",
    );
  expect(kinds("template")).toEqual(["template", "wrap", "template"]);
  expect(kinds("verbatim")).toEqual(["literal", "literal", "literal"]);
});
