import { assertNever } from "../lib/errors.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import type { Json } from "../lib/json.ts";
import { jsonFault } from "../lib/json-fault.ts";
import { jsonFormOf } from "./core/decode/json-form.ts";
import type { JsonForm } from "./core/decode/json-form.ts";
import { isJson } from "./core/decode/json-job.ts";
import { rangeInJson } from "./core/decode/json-places.ts";
import { readJsonText } from "./core/hcl/json-text.ts";
import { createSource, diagnosticAt, Faults } from "./core/hcl/source.ts";
import type { Source } from "./core/hcl/source.ts";
import { decodeJobBody } from "./decode-body.ts";
import { parseJob } from "./parse-job.ts";
import type { ParseJobOptions, ParseJobResult } from "./parse-job.ts";

/**
 * Reads a file of the job folder: the job language, plain or in JSON, or JSON as the HTTP API takes it. A text that
 * begins with a brace is JSON, and its shape tells which of the two; a file named `.json` has to be JSON.
 */
export function parseJobFile(text: string, options: ParseJobOptions): ParseJobResult {
  const source = createSource(options.file, text);
  if (!mustBeJson(source)) return parseJob(text, options);
  const value = jsonOf(source);
  if (value === undefined) return refused(syntaxFaults(source));
  const form = jsonFormOf(value);
  switch (form?.kind) {
    case "language":
      return parseJob(text, options);
    case "api":
      return bodyOf(form, source);
    case undefined:
      return refused([neitherForm(value, source)]);
    default:
      return assertNever(form);
  }
}

const mustBeJson = (source: Source): boolean => source.name.endsWith(".json") || isJson(source);

/** Whether a file of the folder is in the job language, in one of its forms, and not in that of the HTTP API. */
export function readsAsLanguage(source: Source): boolean {
  if (!mustBeJson(source)) return true;
  return jsonFormOf(jsonOf(source) ?? null)?.kind === "language";
}

export function jsonOf({ text }: Source): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The parser's own words name no place; the text is read once more for that.
    return undefined;
  }
}

function syntaxFaults(source: Source): readonly Diagnostic[] {
  if (/^\s*(?:job|variables?|locals|group|[#/])/.test(source.text)) {
    const start = source.text.search(/\S/);
    const detail =
      "A file named .json holds JSON. A job in the plain form of the language belongs in a file named .nomad or .hcl.";
    return [diagnosticAt({ source, start, end: start + 1 }, "Not JSON", detail)];
  }
  const faults = new Faults();
  faults.attempt(() => readJsonText(source));
  if (faults.list.length > 0) return faults.list;
  return [diagnosticAt(undefined, "Not JSON", jsonFault(source.text))];
}

function bodyOf(form: Extract<JsonForm, { kind: "api" }>, source: Source): ParseJobResult {
  const decoded = decodeJobBody(form.job);
  if (decoded.ok) return { ok: true, body: decoded.body, warnings: [] };
  const { envelope } = form;
  const path = envelope === undefined ? decoded.path : [envelope, ...decoded.path];
  return refused([diagnosticAt(rangeOf(source, path), decoded.message, "")]);
}

/** JSON.parse takes deeper nesting than the reader that keeps places; then there is none. */
function rangeOf(source: Source, path: Parameters<typeof rangeInJson>[1]) {
  const node = new Faults().attempt(() => readJsonText(source));
  return node && rangeInJson(node, path);
}

function neitherForm(value: Json, source: Source): Diagnostic {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = Object.keys(isObject ? value : {});
  const found = isObject ? `an object with ${listed(names)}` : "no object";
  const detail =
    'Write {"Job": {"ID": "web", "TaskGroups": [...]}} as the HTTP API takes it, or ' +
    `{"job": {"web": {"group": {...}}}} as the job language does in JSON; this is ${found}.`;
  const [first] = names;
  const range = rangeOf(source, first === undefined ? [] : [first]);
  return diagnosticAt(range, "Not a job", detail);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 40)));
  return `${shown.join(", ") || "nothing"}${names.length > shown.length ? ", ..." : ""}`;
}

const refused = (diagnostics: readonly Diagnostic[]): ParseJobResult => ({
  ok: false,
  diagnostics,
});
