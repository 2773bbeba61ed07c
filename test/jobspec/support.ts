import type { Json, JsonObject } from "../../src/lib/json.ts";
import { readWholeExpression } from "../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../src/jobspec/core/hcl/evaluate.ts";
import { Cursor } from "../../src/jobspec/core/hcl/cursor.ts";
import type { Scope } from "../../src/jobspec/core/hcl/scope-types.ts";
import { fullBudget } from "../../src/jobspec/core/hcl/limits.ts";
import { createSource, Fault } from "../../src/jobspec/core/hcl/source.ts";
import { jsonValue, readJsonText } from "../../src/jobspec/core/hcl/json-text.ts";
import { toJson } from "../../src/jobspec/core/hcl/value.ts";
import type { Value } from "../../src/jobspec/core/hcl/value-types.ts";
import { functionsFor } from "../../src/jobspec/functions/table.ts";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";

export const fromJson = (json: Json): Value =>
  jsonValue(readJsonText(createSource("", JSON.stringify(json))));

export function scopeWith(names: { readonly [name: string]: Json } = {}): Scope {
  return {
    functions: functionsFor(undefined),
    names: new Map(Object.entries(names).map(([name, json]) => [name, fromJson(json)])),
    namespaces: new Map(),
    keepsUnknown: true,
    budget: fullBudget(),
  };
}

/** The value of an expression as JSON. */
export function valueOf(text: string, names: { readonly [name: string]: Json } = {}): Json {
  return toJson(evaluate(readWholeExpression(createSource("t", text)), scopeWith(names)));
}

/** The value of an expression that gives text. */
export function textOf(text: string, names: { readonly [name: string]: Json } = {}): string {
  const value = valueOf(text, names);
  if (typeof value === "string") return value;
  throw new Error(`not text: ${JSON.stringify(value)}`);
}

/** "LINE,COLUMN Summary" of what is wrong. */
export function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { start, summary } = thrown.diagnostic;
    return `${start?.line},${start?.column} ${summary}`;
  }
  return "nothing";
}

export const cursorOn = (text: string): Cursor => new Cursor(createSource("t", text));

/** The parsed job, with the text as the inside of its job block. */
export function jobOf(inside: string): { readonly [key: string]: Json } {
  const result = parseJob(`job "j" {\n${inside}\n}`, { file: "t" });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  return result.body;
}

/** The first task of a job with one, with the text inside its block. */
export function taskOf(inside: string): { readonly [key: string]: Json } {
  const body = jobOf(`group "g" {\ntask "t" {\ndriver = "docker"\n${inside}\n}\n}`);
  return firstOf(firstOf(body, "TaskGroups"), "Tasks");
}

export const groupOf = (inside: string): { readonly [key: string]: Json } =>
  firstOf(jobOf(`group "g" {\n${inside}\n}`), "TaskGroups");

function firstOf(block: { readonly [key: string]: Json }, field: string): JsonObject {
  const [first] = (block[field] ?? []) as readonly JsonObject[];
  if (first === undefined) throw new Error(`no ${field} in ${JSON.stringify(block)}`);
  return first;
}

/** Every fault of a job file, as it is printed. */
export function faultsOf(text: string): readonly string[] {
  const result = parseJob(text, { file: "t" });
  return result.ok ? [] : result.diagnostics.map(formatDiagnostic);
}
