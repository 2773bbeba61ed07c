import { Budget, defaultLimits } from "./budget.ts";
import type { Limits } from "./budget.ts";
import type { Dependency } from "./dependency.ts";
import { faultAt, PlacedFault } from "./faults.ts";
import type { TemplateFault } from "./faults.ts";
import { allFunctions, refuseFunction } from "./functions/table.ts";
import type { Host } from "./host-types.ts";
import type { Delimiters } from "./lex.ts";
import { Lookups } from "./lookups.ts";
import type { Home, TemplateSources } from "./lookups.ts";
import { parseText } from "./parse.ts";
import type { ParsedTemplate } from "./syntax-types.ts";
import { walkTemplate } from "./walk.ts";

/** Longer templates are refused: they are configuration, not data. */
const longestText = 4 * 1024 * 1024;

export type ParseOutcome =
  | { readonly kind: "parsed"; readonly template: ParsedTemplate }
  | { readonly kind: "failed"; readonly fault: TemplateFault };

/** Reads a template. Empty delimiters stand for `{{` and `}}`. */
export function parseTemplate(text: string, delimiters: Delimiters): ParseOutcome {
  if (text.length > longestText)
    return failed(
      text,
      new PlacedFault(`the template is longer than ${longestText} characters`, 0),
    );
  try {
    return { kind: "parsed", template: parseText(text, delimiters, refuseFunction) };
  } catch (thrown) {
    if (thrown instanceof PlacedFault) return failed(text, thrown);
    throw thrown;
  }
}

export interface RenderOptions {
  readonly sources: TemplateSources;
  readonly env: ReadonlyMap<string, string>;
  readonly home: Home;
  readonly functions: Host;
  readonly errMissingKey: boolean;
  readonly limits?: Limits;
}

export type RenderOutcome =
  | { readonly kind: "rendered"; readonly text: string; readonly asked: readonly Dependency[] }
  /** Render again when one of those asked has changed. */
  | {
      readonly kind: "missing";
      readonly missing: readonly Dependency[];
      readonly asked: readonly Dependency[];
    }
  | {
      readonly kind: "failed";
      readonly fault: TemplateFault;
      readonly asked: readonly Dependency[];
      /** One action took more steps than it may: with a higher limit there may be a text. */
      readonly isActionTooLong: boolean;
    };

/** Renders in one go. */
export function renderTemplate(template: ParsedTemplate, options: RenderOptions): RenderOutcome {
  const steps = renderInSteps(template, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Renders with stops in between, at which whoever drives it may let others have their turn. */
export function* renderInSteps(
  template: ParsedTemplate,
  { sources, env, home, functions, errMissingKey, limits = defaultLimits }: RenderOptions,
): Generator<undefined, RenderOutcome, undefined> {
  const lookups = new Lookups(sources, { home, env });
  const out: string[] = [];
  const budget = new Budget(limits);
  try {
    yield* walkTemplate(template.body, undefined, {
      budget,
      host: functions,
      lookups,
      scratch: new Map(),
      errMissingKey,
      functions: allFunctions,
      definitions: template.definitions,
      out,
    });
  } catch (thrown) {
    if (!(thrown instanceof PlacedFault)) throw thrown;
    // Without its data a template may well stumble; only with all of it there is this its own fault.
    if (lookups.missing.length === 0 || thrown.isFinal)
      return {
        ...failed(template.text, thrown),
        asked: lookups.asked,
        isActionTooLong: budget.isActionTooLong,
      };
  }
  const { asked, missing } = lookups;
  return missing.length > 0
    ? { kind: "missing", missing, asked }
    : { kind: "rendered", text: out.join(""), asked };
}

const failed = (
  text: string,
  fault: PlacedFault,
): { readonly kind: "failed"; readonly fault: TemplateFault } => ({
  kind: "failed",
  fault: faultAt(text, fault),
});
