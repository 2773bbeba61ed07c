import type { Diagnostic } from "../lib/diagnostic.ts";
import { jsonFormOf } from "./core/decode/json-form.ts";
import { isJson } from "./core/decode/json-job.ts";
import { readJsonText } from "./core/hcl/json-text.ts";
import { createSource, Faults, placeOf } from "./core/hcl/source.ts";
import type { Range, Source } from "./core/hcl/source.ts";
import { jsonOf } from "./parse-job-file.ts";

/** How a job file is written, and by what one sees it. */
export interface WrittenForm {
  /** The HTTP API's, the job language, the job language in JSON, or none that can be told. */
  readonly kind: "api" | "language" | "language-json" | "unclear";
  readonly place: Pick<Diagnostic, "file" | "start" | "end">;
}

/** Asked where a file could not be read in the form that was expected: perhaps it is in another one. */
export function writtenForm(text: string, file: string): WrittenForm {
  const source = createSource(file, text);
  const range = isJson(source) ? firstProperty(source) : firstWord(source);
  const place = range === undefined ? { file } : placeOf(range);
  return { kind: kindOf(source), place };
}

function kindOf(source: Source): WrittenForm["kind"] {
  const value = jsonOf(source);
  if (!isJson(source))
    return value === undefined && /\S/.test(source.text) ? "language" : "unclear";
  const form = value === undefined ? undefined : jsonFormOf(value);
  if (form === undefined) return "unclear";
  return form.kind === "api" ? "api" : "language-json";
}

function firstProperty(source: Source): Range | undefined {
  const node = new Faults().attempt(() => readJsonText(source));
  return node?.kind === "object" ? node.entries[0]?.key.range : undefined;
}

function firstWord(source: Source): Range {
  const start = Math.max(0, source.text.search(/\S/));
  const [word = ""] = /^[\p{L}\p{N}_-]*/u.exec(source.text.slice(start, start + 100)) ?? [];
  return { source, start, end: start + Math.max(1, word.length) };
}
