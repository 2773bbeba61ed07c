import { readWholeExpression } from "../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../src/jobspec/core/hcl/evaluate.ts";
import { fullBudget } from "../../src/jobspec/core/hcl/limits.ts";
import type { Scope } from "../../src/jobspec/core/hcl/scope-types.ts";
import { createSource, Faults } from "../../src/jobspec/core/hcl/source.ts";
import { functionsFor } from "../../src/jobspec/functions/table.ts";
import { formatDiagnostic } from "../../src/lib/diagnostic.ts";
import { sameForm, sourceValue } from "./reference-bridge.ts";
import type { Names } from "./reference-evaluator.ts";
import { counted, readNumber } from "./reference-number.ts";
import { tuple } from "./reference-values.ts";
import type { Ref, Type } from "./reference-values.ts";

const numeral = (text: string): Ref => ({ number: readNumber(text) ?? counted(0) });
const list = (kind: "list" | "set", of: Type, ...items: readonly Ref[]): Ref => ({
  kind,
  items,
  of,
});
const entriesOf = (entries: { readonly [key: string]: Ref }): ReadonlyMap<string, Ref> =>
  new Map(Object.entries(entries));

/** What the names of `globalNames` hold. */
export const globalValues: Names = new Map<string, Ref>([
  ["n", { number: counted(3) }],
  ["tenth", numeral("0.1")],
  ["s", "té xt"],
  ["digits", "12"],
  ["b", true],
  ["z", null],
  ["t", tuple([numeral("1"), "a", true, null])],
  ["l", list("list", "string", "b", "a", "b")],
  ["ns", list("set", "number", numeral("1"), numeral("2.5"))],
  [
    "o",
    {
      kind: "object",
      entries: entriesOf({
        a: numeral("1"),
        b: tuple(["x", { kind: "object", entries: entriesOf({ a: "y" }) }]),
        "k-1": null,
        for: false,
      }),
    },
  ],
  ["m", { kind: "map", entries: entriesOf({ b: "2", a: "1", é: "x" }), of: "string" }],
]);

const scope = (): Scope => ({
  functions: functionsFor(undefined),
  names: new Map([...globalValues].map(([name, value]) => [name, sourceValue(value)])),
  namespaces: new Map(),
  keepsUnknown: false,
  budget: fullBudget(),
});

export type Evaluated =
  | { readonly isRight: true; readonly form: string }
  | { readonly isRight: false; readonly faults: readonly string[] };

/** What an expression gives where the global names are known, and no others. */
export function evaluateText(text: string): Evaluated {
  const faults = new Faults();
  const value = faults.attempt(() =>
    evaluate(readWholeExpression(createSource("t", text)), scope()),
  );
  return value === undefined
    ? { isRight: false, faults: faults.list.map(formatDiagnostic) }
    : { isRight: true, form: sameForm(value) };
}
