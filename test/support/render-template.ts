import { readFileSync } from "node:fs";
import type { Limits } from "../../src/node/template/core/budget.ts";
import type { Calling } from "../../src/node/template/core/call.ts";
import { Arguments } from "../../src/node/template/core/call.ts";
import { Budget } from "../../src/node/template/core/budget.ts";
import { formatFault } from "../../src/node/template/core/faults.ts";
import type { TemplateFunction } from "../../src/node/template/core/call.ts";
import { Lookups } from "../../src/node/template/core/lookups.ts";
import type { TemplateSources } from "../../src/node/template/core/lookups.ts";
import { parseTemplate, renderTemplate } from "../../src/node/template/core/render.ts";
import type { RenderOutcome } from "../../src/node/template/core/render.ts";
import type { Value } from "../../src/node/template/core/value.ts";
import { createHost } from "../../src/node/template/host.ts";

export interface RenderSettings {
  readonly sources?: Partial<TemplateSources>;
  readonly env?: Readonly<Record<string, string>>;
  readonly errMissingKey?: boolean;
  readonly limits?: Limits;
  readonly nowMs?: number;
  readonly left?: string;
  readonly right?: string;
}

export const noSources: TemplateSources = {
  variable: () => "missing",
  variables: () => "missing",
  service: () => "missing",
  services: () => "missing",
  file: () => "missing",
};
const home = { namespace: "default", region: "global" };

export function outcomeOf(
  text: string,
  settings: RenderSettings = {},
): Omit<RenderOutcome, "asked"> {
  const { left = "", right = "" } = settings;
  const parsed = parseTemplate(text, { left, right });
  if (parsed.kind === "failed") return parsed;
  return renderTemplate(parsed.template, {
    sources: { ...noSources, ...settings.sources },
    env: new Map(Object.entries(settings.env ?? {})),
    home,
    functions: createHost(settings.nowMs ?? 0, undefined),
    errMissingKey: settings.errMissingKey ?? false,
    ...(settings.limits ? { limits: settings.limits } : {}),
  });
}

/** The text, or `LINE:COLUMN: fault` behind an exclamation mark, or `? ` and what is missing. */
export function rendered(text: string, settings: RenderSettings = {}): string {
  const outcome = outcomeOf(text, settings) as RenderOutcome;
  if (outcome.kind === "rendered") return outcome.text;
  return outcome.kind === "failed"
    ? formatFault("!", outcome.fault)
    : `? ${outcome.missing.map((dependency) => JSON.stringify(dependency)).join(" ")}`;
}

/** What a function may use, with sources that know nothing. */
export const callingFor = (limits?: Limits): Calling => ({
  budget: new Budget(limits),
  host: createHost(0, undefined),
  lookups: new Lookups(noSources, { home, env: new Map() }),
  scratch: new Map(),
});

export const callWith = (
  called: TemplateFunction | undefined,
  given: readonly Value[],
  limits?: Limits,
): Value => {
  if (called === undefined) throw new Error("there is no such function");
  return called.call(new Arguments(given), callingFor(limits));
};

/** Templates and what the language's own implementation made of them; null for a fault. */
export type Recorded = readonly (readonly [template: string, text: string | null])[];

export const readRecorded = (name: string): Recorded =>
  (
    JSON.parse(readFileSync(`test/node/template/core/${name}`, "utf8")) as readonly [
      string,
      string | null,
    ][]
  ).map(([template, text]) => [template.replace(/^DATA /, () => recordedData), text]);

const recordedData =
  '{{$d := parseJSON `{"a":1,"b":"x","l":[1,"two",null,true,[3]],"m":{"z":1,"y":{"k":"v"}},"n":null,"e":"","el":[],"f":1.25,"big":1000000,"t":true}`}}';
