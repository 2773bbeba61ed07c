import type { BlockSpec, ChildSpec } from "../../src/jobspec/core/decode/spec-types.ts";
import { jobSpec } from "../../src/jobspec/core/decode/job-schema.ts";
import { assertNever } from "../../src/lib/errors.ts";
import type { Json } from "../../src/lib/json.ts";
import { isDeepEqual } from "../../src/lib/deep-equal.ts";
import { createStyle, isBareName, printText, printValue } from "./print-expression.ts";
import type { Style } from "./print-expression.ts";

export type Body = { readonly [key: string]: Json };

/**
 * Writes a parsed body as a job file, by the decoder's own tables. The seed chooses among the ways to write one
 * thing: short forms, escapes, heredocs, locals, variables, `dynamic`, blocks or arguments. 0 is the plainest.
 */
export function printJob(body: Body, seed = 0): string {
  const style = createStyle(seed);
  const { ID: id, Name: name, ...rest } = body;
  const label = style.chance(2) && typeof name === "string" ? name : id;
  const job = shared(
    {
      ...rest,
      ...(label === id ? {} : { ID: id ?? "" }),
      ...(label === name ? {} : { Name: name ?? "" }),
    },
    style,
  );
  const inside = printBody(jobSpec, job, { style, indent: "  " });
  const head = style.hoisted();
  return `${head}job ${printText(textOf(label), style)} {\n${inside}}\n`;
}

/** Vault and secrets that all tasks share may stand in the job, and lone first tasks without a group of theirs. */
function shared(job: Body, style: Style): Body {
  const groups = listOf(job["TaskGroups"]);
  const tasks = groups.flatMap((group) => listOf(group["Tasks"]));
  const [first] = tasks;
  if (first === undefined || !style.chance(2)) return job;
  const moved: Record<string, Json> = {};
  for (const [key, hidden] of [
    ["Vault", "$vault"],
    ["Secrets", "$secrets"],
  ] as const)
    if (first[key] !== undefined && tasks.every((task) => isDeepEqual(task[key], first[key])))
      moved[hidden] = first[key];
  const without = (task: Body): Body =>
    Object.fromEntries(Object.entries(task).filter(([key]) => !(`$${key.toLowerCase()}` in moved)));
  const kept = groups.map((group): Body =>
    group["Tasks"] === undefined ? group : { ...group, Tasks: listOf(group["Tasks"]).map(without) },
  );
  const count = kept.findIndex((group) => !isLone(group));
  const lone = kept.slice(0, count < 0 ? kept.length : count);
  return {
    ...job,
    ...moved,
    ...(lone.length === 0 ? {} : { $tasks: lone.flatMap((group) => listOf(group["Tasks"])) }),
    TaskGroups: kept.slice(lone.length),
  };
}

const isLone = (group: Body): boolean =>
  Object.keys(group).length === 2 &&
  listOf(group["Tasks"]).length === 1 &&
  listOf(group["Tasks"])[0]?.["Name"] === group["Name"];

/** How and how far to the right things are written. */
interface Page {
  readonly style: Style;
  readonly indent: string;
}
const deeper = (page: Page): Page => ({ ...page, indent: `${page.indent}  ` });

function printBody(spec: BlockSpec, body: Body, page: Page): string {
  const { style, indent } = page;
  const ready = beforeFinish(spec, body, style);
  const done = new Set<string>(spec.labels ?? []);
  const lines: string[] = [];
  for (const [name, child] of Object.entries(spec.blocks ?? {})) {
    const value = ready[child.key];
    if (value === undefined || done.has(child.key)) continue;
    const written = Object.hasOwn(spec.arguments, name);
    if (written && (style.chance(2) || !hasBareKeys(value))) continue;
    done.add(child.key);
    lines.push(...printChild(name, child, value, page));
  }
  for (const [name, short] of Object.entries(spec.arguments)) {
    const [key = "", type = ""] = short.split(":");
    const value = ready[key];
    if (value === undefined || done.has(key)) continue;
    done.add(key);
    lines.push(`${indent}${name} = ${printTyped(value, type.replace(/[?!]$/, ""), style)}\n`);
  }
  return style.shuffle(lines).join("");
}

function printChild(name: string, child: ChildSpec, value: Json, page: Page): string[] {
  const { style, indent } = page;
  switch (child.kind) {
    case "once":
      return [printBlock(name, child.spec, asBody(value), page)];
    case "list":
      return [
        listOf(value)
          .map((item) => printItem(name, child.spec, item, page))
          .join(""),
      ];
    case "map":
      return Object.values(asBody(value)).map((item) =>
        printBlock(name, child.spec, asBody(item), page),
      );
    case "open":
      return [
        `${indent}${name} {\n${Object.entries(asBody(value))
          .map(([key, item]) => `${indent}  ${key} = ${printValue(item, style)}\n`)
          .join("")}${indent}}\n`,
      ];
    case "free":
      return [`${indent}${name} {\n${printFree(asBody(value), deeper(page))}${indent}}\n`];
    default:
      return assertNever(child);
  }
}

/** One of a list may be made by a `dynamic` block that goes round once. */
function printItem(name: string, spec: BlockSpec, item: Body, page: Page): string {
  const { style, indent } = page;
  if (!style.chance(12)) return printBlock(name, spec, item, page);
  const labels = labelsOf(spec, item).map((label) => printText(label, style));
  const { indent: inner } = deeper(page);
  return [
    `${indent}dynamic ${JSON.stringify(name)} {\n${inner}for_each = [1]\n`,
    labels.length === 0 ? "" : `${inner}labels = [${labels.join(", ")}]\n`,
    `${inner}content {\n${printBody(spec, item, deeper(deeper(page)))}${inner}}\n${indent}}\n`,
  ].join("");
}

function printBlock(name: string, spec: BlockSpec, body: Body, page: Page): string {
  const { style, indent } = page;
  const labels = labelsOf(spec, body).map((label) =>
    isBareName(label) && style.chance(3) ? ` ${label}` : ` ${printText(label, style)}`,
  );
  return `${indent}${name}${labels.join("")} {\n${printBody(spec, body, deeper(page))}${indent}}\n`;
}

function labelsOf(spec: BlockSpec, body: Body): string[] {
  return (spec.labels ?? []).map((key) =>
    key === "$label" ? textOf(body["Type"]).replace("vertical_", "") : textOf(body[key]),
  );
}

/** What must be written so that the block's `finish` makes this body of it. */
function beforeFinish(spec: BlockSpec, body: Body, style: Style): Body {
  const { blocks = {}, arguments: args } = spec;
  if ("operator" in args) return shortForm(body, spec, style);
  if ("port" in blocks) {
    const { ReservedPorts: fixed, DynamicPorts: dynamic, ...rest } = body;
    if (dynamic === undefined && fixed !== undefined && style.chance(4))
      return { ...rest, $reserved: fixed };
    return { ...rest, $ports: [...listOf(fixed), ...listOf(dynamic)] };
  }
  if ("identity" in blocks && "action" in blocks) {
    const { Identity: own, Identities: others, ...rest } = body;
    if (others === undefined) return rest;
    return { ...rest, $identities: [...(own === undefined ? [] : [own]), ...listOf(others)] };
  }
  return body;
}

const named = [
  "version",
  "semver",
  "regexp",
  "set_contains",
  "set_contains_all",
  "set_contains_any",
];

function shortForm(body: Body, spec: BlockSpec, style: Style): Body {
  const { Operand: operand, LTarget: left, RTarget: right, ...rest } = body;
  if (!style.chance(2)) return body;
  const isAffinity = "weight" in spec.arguments;
  const isNamed =
    typeof operand === "string" && named.slice(0, isAffinity ? 6 : 4).includes(operand);
  // A short form without text counts as not written.
  if (isNamed && (right ?? "") !== "")
    return { ...rest, LTarget: left ?? "", [`$${operand}`]: right ?? "" };
  if (isAffinity)
    return operand === "=" ? { ...rest, LTarget: left ?? "", RTarget: right ?? "" } : body;
  if (operand === "distinct_property" && (left ?? "") !== "")
    return { ...rest, RTarget: right ?? "", $distinct_property: left ?? "" };
  if (operand === "distinct_hosts" && (right === "true" || right === "false"))
    return { ...rest, LTarget: left ?? "", $distinct_hosts: right === "true" };
  return body;
}

function printTyped(value: Json, type: string, style: Style): string {
  if (type === "duration" && typeof value === "number") return printDuration(value, style);
  if ((type === "int" || type === "bool") && style.chance(8)) return `"${JSON.stringify(value)}"`;
  return printValue(value, style);
}

function printDuration(ns: number, style: Style): string {
  const units = [
    [1e9, "s"],
    [60e9, "m"],
    [1e6, "ms"],
    [1, "ns"],
  ] as const;
  for (const [size, unit] of units)
    if (ns % size === 0 && style.chance(2)) return `"${ns / size}${unit}"`;
  return printValue(ns, style);
}

/** A list of maps may be blocks; one map by itself must not look like an object literal. */
function printFree(body: Body, page: Page): string {
  const { style, indent } = page;
  const lines = Object.entries(body).map(([key, value]) => {
    const maps =
      Array.isArray(value) && value.length > 0 && value.every(isMap) ? listOf(value) : [];
    if (maps.length > 0 && maps.every(hasBareKeys) && style.chance(2))
      return maps
        .map((map) => `${indent}${key} {\n${printFree(map, deeper(page))}${indent}}\n`)
        .join("");
    const [only, more] = maps;
    if (only !== undefined && more === undefined && style.chance(2))
      return `${indent}${key} = ${printValue(only, style.plain())}\n`;
    const written = printValue(value, style);
    return `${indent}${key} = ${isMap(value) ? `(${written})` : written}\n`;
  });
  return style.shuffle(lines).join("");
}

const isMap = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const hasBareKeys = (value: Json): boolean => Object.keys(asBody(value)).every(isBareName);
const asBody = (value: Json): Body => value as Body;
const listOf = (value: Json | undefined): readonly Body[] =>
  Array.isArray(value) ? (value as readonly Body[]) : [];
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
