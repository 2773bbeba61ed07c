/**
 * The part of Go's text/template that answers are usually printed with: text, fields, variables, pipelines,
 * if / else if / else, with, range / else, and a few functions. What is not here is refused by its name.
 */
import { assertNever } from "../../lib/errors.ts";
import { parseTemplate, type Expression, type TemplateNode } from "./go-template-parse.ts";
import { sortedJson } from "./json-text.ts";
import { byText, quote } from "./values.ts";

export function renderTemplate(source: string, data: unknown, rootType?: string): string {
  const variables = new Map<string, unknown>([["$", data]]);
  // Complaints name the type of the whole answer as a typed client would.
  const typeOf = (value: unknown): string =>
    value === data && rootType !== undefined ? rootType : typeName(value);
  return runNodes(parseTemplate(source), { dot: data, variables, source, typeOf });
}

interface Scope {
  readonly source: string;
  readonly typeOf: (value: unknown) => string;
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
}

const runNodes = (nodes: readonly TemplateNode[], scope: Scope): string =>
  nodes.map((node) => runNode(node, scope)).join("");

function runNode(node: TemplateNode, scope: Scope): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "action": {
      const value = evaluate(node.expression, scope);
      if (node.assign === undefined) return print(value);
      scope.variables.set(node.assign, value);
      return "";
    }
    case "if": {
      const inner = { ...scope, variables: new Map(scope.variables) };
      return isTrue(evaluate(node.expression, scope))
        ? runNodes(node.body, inner)
        : runNodes(node.otherwise, inner);
    }
    case "with": {
      const value = evaluate(node.expression, scope);
      return isTrue(value)
        ? runNodes(node.body, { ...scope, dot: value, variables: new Map(scope.variables) })
        : runNodes(node.otherwise, scope);
    }
    case "range":
      return runRange(node, scope);
    default:
      return assertNever(node);
  }
}

function runRange(node: Extract<TemplateNode, { kind: "range" }>, scope: Scope): string {
  const items = entriesOf(evaluate(node.expression, scope));
  if (items.length === 0) return runNodes(node.otherwise, scope);
  return items
    .map(([key, value]) => {
      const variables = new Map(scope.variables);
      const [first, second] = node.names;
      if (first !== undefined) variables.set(first, second === undefined ? value : key);
      if (second !== undefined) variables.set(second, value);
      return runNodes(node.body, { ...scope, dot: value, variables });
    })
    .join("");
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, at) => [at, item] as const);
  if (isRecord(value)) return Object.entries(value).sort(([a], [b]) => byText(a, b));
  if (value === null || value === undefined) return [];
  throw new Error(`range can't iterate over ${print(value)}`);
}

function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "path":
      return followPath(expression, scope);
    case "call":
      return call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
      );
    case "pipe": {
      const [first, ...rest] = expression.stages;
      let value = first ? evaluate(first, scope) : undefined;
      for (const stage of rest) {
        if (stage.kind !== "call") throw new Error("a value cannot be piped into a field");
        value = call(stage.name, [...stage.args.map((arg) => evaluate(arg, scope)), value]);
      }
      return value;
    }
    default:
      return assertNever(expression);
  }
}

function followPath(path: Extract<Expression, { kind: "path" }>, scope: Scope): unknown {
  let value: unknown;
  if (path.root === undefined) value = scope.dot;
  else if (typeof path.root !== "string") value = evaluate(path.root, scope);
  else if (scope.variables.has(path.root)) value = scope.variables.get(path.root);
  else throw new Error(`undefined variable ${JSON.stringify(path.root)}`);
  for (const name of path.names) {
    const holder = value;
    if (isRecord(holder) && Object.hasOwn(holder, name)) value = holder[name];
    else throw new Error(`${placeOf(path, scope)}: ${missing(holder, name, scope)}`);
  }
  return value;
}

function placeOf(path: Extract<Expression, { kind: "path" }>, scope: Scope): string {
  const before = scope.source.slice(0, path.at);
  const line = before.split("\n").length;
  const column = path.at - (before.lastIndexOf("\n") < 0 ? 0 : before.lastIndexOf("\n"));
  return `template: :${line}:${column}: executing "" at <${path.text}>`;
}

const missing = (holder: unknown, name: string, scope: Scope): string =>
  holder === null || holder === undefined
    ? `nil pointer evaluating ${name}`
    : `can't evaluate field ${name} in type ${scope.typeOf(holder)}`;

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return isRecord(value) ? "object" : typeof value;
}

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function print(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(print).join(" ")}]`;
  if (isRecord(value))
    return `map[${Object.entries(value)
      .sort(([a], [b]) => byText(a, b))
      .map(([key, item]) => `${key}:${print(item)}`)
      .join(" ")}]`;
  return JSON.stringify(value);
}

function call(name: string, args: readonly unknown[]): unknown {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw new Error(`function ${JSON.stringify(name)} not defined`);
  return found(args);
}

const order = (a: unknown, b: unknown): number =>
  typeof a === "number" && typeof b === "number" ? a - b : byText(print(a), print(b));

const functions: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  and: (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1),
  or: (args) => args.find(isTrue) ?? args.at(-1),
  not: ([value]) => !isTrue(value),
  eq: ([first, ...others]) => others.some((other) => other === first),
  ne: ([a, b]) => a !== b,
  lt: ([a, b]) => order(a, b) < 0,
  le: ([a, b]) => order(a, b) <= 0,
  gt: ([a, b]) => order(a, b) > 0,
  ge: ([a, b]) => order(a, b) >= 0,
  len: ([value]) => (typeof value === "string" ? value.length : entriesOf(value).length),
  index: ([value, ...keys]) => {
    let at: unknown = value;
    for (const key of keys)
      at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[print(key)] : undefined;
    return at;
  },
  print: (args) => args.map(print).join(""),
  println: (args) => `${args.map(print).join(" ")}\n`,
  printf: ([format, ...args]) => printf(print(format), args),
  join: (args) => {
    const [a, b] = args;
    const list = Array.isArray(a) ? a : Array.isArray(b) ? b : [];
    return list.map(print).join(print(Array.isArray(a) ? b : a));
  },
  upper: ([value]) => print(value).toUpperCase(),
  lower: ([value]) => print(value).toLowerCase(),
  trim: ([value]) => print(value).trim(),
  quote: ([value]) => quote(print(value)),
  default: ([preset, value]) => (isTrue(value) ? value : preset),
  toJson: ([value]) => JSON.stringify(value),
  toPrettyJson: ([value]) => sortedJson(value),
};

function printf(format: string, args: readonly unknown[]): string {
  let at = 0;
  return format.replace(
    /%(-?\d*)(?:\.(\d+))?([%vsdqtf])/g,
    (_, pad: string, digits: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      const value = args[at++];
      const text =
        verb === "q"
          ? quote(print(value))
          : verb === "f"
            ? Number(value).toFixed(digits === undefined ? 6 : Number(digits))
            : print(value);
      const width = Math.abs(Number(pad || 0));
      return pad.startsWith("-") ? text.padEnd(width) : text.padStart(width);
    },
  );
}
