import { assertNever } from "../../../lib/errors.ts";
import type { Attribute, Block, Body, Expression, Label } from "../hcl/ast-types.ts";
import { readTemplateText, readWholeExpression } from "../hcl/body.ts";
import { jsonValue } from "../hcl/json-text.ts";
import type { JsonNode, JsonObject, JsonString } from "../hcl/json-text.ts";
import type { Faults, Range } from "../hcl/source.ts";
import { Fault } from "../hcl/source.ts";
import type { BlockSpec, ChildSpec, Reading } from "./spec-types.ts";

/**
 * The JSON form of the language as the same tree that the plain form gives. What a property is, an argument or a
 * block with labels, only the table of the block around it tells.
 */
export function bodyFromJson(node: JsonNode, spec: BlockSpec, faults: Faults): Body {
  const items = propertiesOf(node, faults).flatMap(({ key, value }) =>
    itemsOf(key, value, spec, faults),
  );
  return { items, range: node.range };
}

/** A body where every property is an argument, such as `meta` or values of variables. */
export function argumentsFromJson(node: JsonNode, reading: Reading, faults: Faults): Body {
  const items = propertiesOf(node, faults).flatMap(({ key, value }) =>
    attributeOf(key, value, reading, faults),
  );
  return { items, range: node.range };
}

interface Property {
  readonly key: JsonString;
  readonly value: JsonNode;
}

/** The properties of an object, or of all objects of a list. `//` is where comments go, null is nothing. */
function propertiesOf(node: JsonNode, faults: Faults): readonly Property[] {
  if (node.kind === "null") return [];
  if (node.kind === "object") return node.entries.filter(({ key }) => key.content.text !== "//");
  if (node.kind === "array") {
    return node.items.flatMap((item) => {
      if (item.kind === "object") return propertiesOf(item, faults);
      wrongKind(item, "A JSON object is required here, with arguments and blocks in it.", faults);
      return [];
    });
  }
  wrongKind(node, "A JSON object or a list of objects is required here.", faults);
  return [];
}

function wrongKind(node: JsonNode, detail: string, faults: Faults): void {
  const { start } = node.range;
  faults.at({ ...node.range, end: start + 1 }, "Incorrect JSON value type", detail);
}

function itemsOf(
  key: JsonString,
  value: JsonNode,
  spec: BlockSpec,
  faults: Faults,
): readonly (Attribute | Block)[] {
  const name = key.content.text;
  const blocks = spec.blocks ?? {};
  if (name === "dynamic" && spec.blocks !== undefined)
    return dynamicBlocks(key, value, spec, faults);
  const child = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  // `meta` and `env` are both; a list can only be one of blocks.
  const isArgument = Object.hasOwn(spec.arguments, name) && value.kind !== "array";
  if (child === undefined || isArgument)
    return attributeOf(key, value, readingOf(spec, name), faults);
  return blocksOf({ key, child, labels: [] }, value, faults);
}

function readingOf({ inJson = "template" }: BlockSpec, name: string): Reading {
  if (typeof inJson === "string") return inJson;
  return (Object.hasOwn(inJson, name) ? inJson[name] : undefined) ?? "template";
}

interface BlockPlace {
  readonly key: JsonString;
  readonly child: ChildSpec;
  readonly labels: readonly Label[];
}

function blocksOf(place: BlockPlace, value: JsonNode, faults: Faults): readonly Block[] {
  const { key, child, labels } = place;
  const wanted = "spec" in child ? (child.spec.labels?.length ?? 0) : 0;
  const name = key.content.text;
  if (labels.length < wanted) {
    const properties = propertiesOf(value, faults);
    if (properties.length === 0 && isListOfObjects(value))
      faults.at(
        { ...value.range, end: value.range.start + 1 },
        `Missing name for ${name}`,
        `The label of a ${name} block is the name of a property here: "${name}": { "label": { ... } }.`,
      );
    return properties.flatMap((property) =>
      blocksOf({ ...place, labels: [...labels, labelOf(property.key)] }, property.value, faults),
    );
  }
  if (value.kind === "null") return [];
  const nodes = value.kind === "array" ? value.items : [value];
  return nodes.flatMap((node): readonly Block[] => {
    if (node.kind !== "object") {
      wrongKind(node, `A JSON object is required here, with what the ${name} block holds.`, faults);
      return [];
    }
    const body = "spec" in child ? bodyFromJson(node, child.spec, faults) : looseBody(node, faults);
    return [blockOf(key, labels, node, body)];
  });
}

const isListOfObjects = (node: JsonNode): boolean =>
  node.kind === "object" ||
  (node.kind === "array" && node.items.every((item) => item.kind === "object"));

const looseBody = (node: JsonObject, faults: Faults): Body =>
  argumentsFromJson(node, "template", faults);

function blockOf(key: JsonString, labels: readonly Label[], node: JsonObject, body: Body): Block {
  const { end } = node.range;
  return {
    kind: "block",
    name: key.content.text,
    nameRange: key.range,
    labels,
    // What is missing in an object is told where it ends.
    braceRange: { ...node.range, start: end - 1 },
    body,
  };
}

const labelOf = (key: JsonString): Label => ({
  text: key.content.text.normalize("NFC"),
  range: key.range,
});

/** `"dynamic": { "port": { "for_each": ..., "content": { ... } } }` */
function dynamicBlocks(
  key: JsonString,
  value: JsonNode,
  spec: BlockSpec,
  faults: Faults,
): readonly Block[] {
  return propertiesOf(value, faults).flatMap((property) => {
    const type = property.key.content.text;
    const child = Object.hasOwn(spec.blocks ?? {}, type) ? spec.blocks?.[type] : undefined;
    const content: ChildSpec =
      child !== undefined && "spec" in child
        ? { kind: "list", key: "", spec: { ...child.spec, labels: [] } }
        : { kind: "open", key: "", type: "string" };
    const nodes = property.value.kind === "array" ? property.value.items : [property.value];
    return nodes.flatMap((node): readonly Block[] => {
      if (node.kind !== "object") {
        wrongKind(node, "A JSON object is required here, as a dynamic block holds.", faults);
        return [];
      }
      const items = propertiesOf(node, faults).flatMap((inner): readonly (Attribute | Block)[] => {
        const name = inner.key.content.text;
        if (name === "content")
          return blocksOf({ key: inner.key, child: content, labels: [] }, inner.value, faults);
        const reading = name === "iterator" ? "expression" : "template";
        return attributeOf(inner.key, inner.value, reading, faults);
      });
      return [blockOf(key, [labelOf(property.key)], node, { items, range: node.range })];
    });
  });
}

function attributeOf(
  key: JsonString,
  value: JsonNode,
  reading: Reading,
  faults: Faults,
): readonly Attribute[] {
  const expression = faults.attempt(() => expressionOf(value, reading));
  if (expression === undefined) return [];
  const name = key.content.text.normalize("NFC");
  return [{ kind: "attribute", name, nameRange: key.range, value: expression }];
}

function expressionOf(node: JsonNode, reading: Reading): Expression {
  const { range } = node;
  switch (node.kind) {
    case "string":
      if (reading === "expression") return readWholeExpression(node.content);
      return reading === "verbatim" ? literal(node) : readTemplateText(node.content);
    case "array":
      return { kind: "tuple", items: node.items.map((item) => expressionOf(item, reading)), range };
    case "object":
      return { kind: "object", items: objectItems(node, reading), range };
    case "null":
    case "bool":
    case "number":
      return literal(node);
    default:
      return assertNever(node);
  }
}

const literal = (node: JsonNode): Expression => ({
  kind: "literal",
  value: jsonValue(node),
  range: node.range,
});

function objectItems(
  node: JsonObject,
  reading: Reading,
): Extract<Expression, { kind: "object" }>["items"] {
  const seen = new Map<string, Range>();
  return node.entries.map(({ key, value }) => {
    const name = key.content.text;
    if (seen.has(name))
      throw new Fault(
        key.range,
        "Duplicate object attribute",
        `A property named ${JSON.stringify(name)} is already there.`,
      );
    seen.set(name, key.range);
    return { key: keyOf(key, reading), value: expressionOf(value, reading) };
  });
}

/** Names are templates too, and may begin with anything. */
function keyOf(key: JsonString, reading: Reading): Expression {
  if (reading === "template") return readTemplateText(key.content);
  return { kind: "name", name: key.content.text.normalize("NFC"), range: key.range };
}
