import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JsonPath } from "../lib/json-path.ts";
import { jsonFormOf } from "./core/decode/json-form.ts";
import { isJson } from "./core/decode/json-job.ts";
import { rangeInJson } from "./core/decode/json-places.ts";
import { createPlaces, rangeInJob } from "./core/decode/places.ts";
import { readJsonText } from "./core/hcl/json-text.ts";
import { createSource, diagnosticAt, Faults } from "./core/hcl/source.ts";
import type { Range, Source } from "./core/hcl/source.ts";
import type { JobFinding } from "./job-findings.ts";
import { jsonOf, readsAsLanguage } from "./parse-job-file.ts";
import { decodeText } from "./parse-job.ts";
import type { ParseJobOptions } from "./parse-job.ts";

export interface LocateOptions extends ParseJobOptions {
  /** Whether JSON in the form of the HTTP API is looked at as such, as in the folder, or never. */
  readonly apiForm: boolean;
}

/**
 * What the rules have against a job, with the place in the text that the job was read from. The text is read once
 * more for that: only a few jobs are wrong, and the others need not pay for places.
 */
export function locateInJob(
  text: string,
  findings: readonly JobFinding[],
  options: LocateOptions,
): readonly Diagnostic[] {
  const rangeOf = placeFinder(text, options);
  return findings.map(({ severity, summary, detail, path }) => ({
    ...diagnosticAt(rangeOf(path), summary, detail),
    severity,
  }));
}

type Finder = (path: JsonPath) => Range | undefined;

function placeFinder(text: string, options: LocateOptions): Finder {
  const source = createSource(options.file, text);
  if (options.apiForm && !readsAsLanguage(source)) return inApiForm(source);
  const places = createPlaces();
  const body = decodeText(text, options, { faults: new Faults(), places });
  return (path) => (body === undefined ? undefined : rangeInJob(body, places, path));
}

function inApiForm(source: Source): Finder {
  const node = isJson(source) ? new Faults().attempt(() => readJsonText(source)) : undefined;
  const form = jsonFormOf(jsonOf(source) ?? null);
  const envelope = form?.kind === "api" && form.envelope !== undefined ? [form.envelope] : [];
  return (path) => node && rangeInJson(node, [...envelope, ...path]);
}
