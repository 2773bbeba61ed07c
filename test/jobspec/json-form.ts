import type { Block, Body, Expression } from "../../src/jobspec/core/hcl/ast-types.ts";
import { readBody } from "../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../src/jobspec/core/hcl/evaluate.ts";
import { createSource, Faults } from "../../src/jobspec/core/hcl/source.ts";
import { toJson } from "../../src/jobspec/core/hcl/value.ts";
import { scopeWith } from "./support.ts";

/** A job file written again in the JSON form; undefined for one with faults. */
export function jsonFormOf(text: string): string | undefined {
  const body = readBody(createSource("t", text), new Faults());
  return body === undefined ? undefined : bodyText(body, []);
}

const free = new Set(["config", "policy", "upstream"]);

/** Properties stand in objects of their own, so that names that look like numbers keep their order. */
function bodyText(body: Body, path: readonly string[]): string {
  const isFree = path.some((name) => free.has(name));
  const named = new Map<string, string[]>();
  for (const item of body.items) {
    const texts = named.get(item.name) ?? [];
    named.set(item.name, texts);
    if (item.kind === "block") texts.push(blockText(item, [...path, item.name], isFree));
    else texts.push(valueText(item.value, [...path, item.name]));
  }
  const isArgument = (name: string): boolean =>
    body.items.some((item) => item.kind === "attribute" && item.name === name);
  const properties = [...named].map(
    ([name, texts]) =>
      `${JSON.stringify(name)}: ${isArgument(name) ? texts[0] : `[${texts.join(",\n")}]`}`,
  );
  if (!path.slice(0, -1).some((name) => free.has(name))) properties.unshift('"//": "a comment"');
  return `{ ${properties.join(",\n")} }`;
}

function blockText(block: Block, path: readonly string[], isFree: boolean): string {
  let text = bodyText(block.body, path);
  for (const { text: label } of block.labels.toReversed())
    text = `{ ${JSON.stringify(label)}: ${isFree ? `[${text}]` : text} }`;
  return text;
}

function valueText(expression: Expression, path: readonly string[]): string {
  const [last, before] = path.toReversed();
  const { source, start, end } = expression.range;
  const written = source.text.slice(start, end);
  if (before === "variables" || (before === "variable" && last === "default"))
    return JSON.stringify(toJson(evaluate(expression, scopeWith())));
  if ((before === "variable" && last === "type") || last === "iterator")
    return JSON.stringify(written);
  if (expression.kind === "literal") return JSON.stringify(toJson(expression.value));
  if (expression.kind === "tuple")
    return `[${expression.items.map((item) => valueText(item, path)).join(", ")}]`;
  if (expression.kind !== "object")
    return JSON.stringify(`\${${written}${written.startsWith("<<") ? "\n" : ""}}`);
  const items = expression.items.map(
    ({ key, value }) => `${keyText(key)}: ${valueText(value, [...path, "value"])}`,
  );
  return `{ ${items.join(", ")} }`;
}

function keyText(key: Expression): string {
  if (key.kind === "name") return JSON.stringify(key.name);
  const { source, start, end } = key.range;
  const written = source.text.slice(start, end);
  if (key.kind === "literal") return JSON.stringify(written);
  return JSON.stringify(`\${${written}}`);
}
