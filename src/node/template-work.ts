import type { Json } from "../lib/json.ts";
import { dependencyText } from "./template/core/dependency.ts";
import type { Dependency } from "./template/core/dependency.ts";
import type { Delimiters } from "./template/core/lex.ts";
import type { Home, TemplateSources } from "./template/core/lookups.ts";
import { parseTemplate, renderTemplate } from "./template/core/render.ts";
import type { RenderOutcome } from "./template/core/render.ts";
import { createHost } from "./template/host.ts";

/** A rendering that is done elsewhere, with everything that it needs. */
export interface TemplateWork {
  readonly text: string;
  readonly delimiters: Delimiters;
  readonly env: ReadonlyMap<string, string>;
  readonly home: Home;
  readonly errMissingKey: boolean;
  readonly nowMs: number;
  /** What is known of the sources. */
  readonly answers: readonly SourceAnswer[];
}
export interface SourceAnswer {
  readonly asked: Dependency;
  /** As the source of this kind gives it. */
  readonly answer: unknown;
}
export type TemplateWorkOutcome =
  | { readonly kind: "done"; readonly outcome: RenderOutcome }
  /** These have to be answered as well. */
  | { readonly kind: "asks"; readonly asked: readonly Dependency[] }
  /** Where it is not the work that is too much, another try may do better. */
  | { readonly kind: "lost"; readonly why: string; readonly isTooMuch: boolean };

/** Renders where nothing else has to be done meanwhile. */
export interface TemplateThread {
  render(work: TemplateWork): Promise<TemplateWorkOutcome>;
}

/** What such a thread does. */
export function doTemplateWork(
  work: TemplateWork,
  parseYaml: ((text: string) => Json) | undefined,
): TemplateWorkOutcome {
  const answers = new Map(work.answers.map((one) => [dependencyText(one.asked), one.answer]));
  const unknown: Dependency[] = [];
  const answerTo = (asked: Dependency): unknown => {
    const key = dependencyText(asked);
    if (answers.has(key)) return answers.get(key);
    unknown.push(asked);
    return "missing";
  };
  // What came over the border is what the source of this kind gave.
  const source = <K extends keyof TemplateSources>(_kind: K): TemplateSources[K] =>
    answerTo as TemplateSources[K];
  const sources: TemplateSources = {
    variable: source("variable"),
    variables: source("variables"),
    service: source("service"),
    services: source("services"),
    file: source("file"),
  };
  const parsed = parseTemplate(work.text, work.delimiters);
  if (parsed.kind === "failed")
    return { kind: "done", outcome: { ...parsed, asked: [], isActionTooLong: false } };
  const outcome = renderTemplate(parsed.template, {
    sources,
    env: work.env,
    home: work.home,
    functions: createHost(work.nowMs, parseYaml),
    errMissingKey: work.errMissingKey,
  });
  return unknown.length > 0 ? { kind: "asks", asked: unknown } : { kind: "done", outcome };
}
