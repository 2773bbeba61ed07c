import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readWholeExpression } from "../../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../../src/jobspec/core/hcl/evaluate.ts";
import { fullBudget } from "../../../src/jobspec/core/hcl/limits.ts";
import type { Scope } from "../../../src/jobspec/core/hcl/scope-types.ts";
import { createSource, Faults } from "../../../src/jobspec/core/hcl/source.ts";
import type { Value } from "../../../src/jobspec/core/hcl/value-types.ts";
import { functionsFor } from "../../../src/jobspec/functions/table.ts";
import type { Diagnostic } from "../../../src/lib/diagnostic.ts";
import type { Tree } from "../../support/expression-tree.ts";
import { anyTape, tapeOf, treeFrom } from "../../support/generate-expression.ts";
import { printTree } from "../../support/print-tree.ts";
import { referenceValue } from "../../support/reference-evaluator.ts";
import type { Names } from "../../support/reference-evaluator.ts";
import { counted, readNumber } from "../../support/reference-number.ts";
import { LeftOpen, tuple, Wrong } from "../../support/reference-values.ts";
import type { Ref } from "../../support/reference-values.ts";
import { sameForm, sourceValue } from "../../support/reference-bridge.ts";
import { runs } from "./runs.ts";

/** The same few cases in every test run; the long one tries others each time and says from which seed. */
const isLong = process.env["FUZZ_FACTOR"] !== undefined;
const tries = (few: number): { readonly numRuns: number; readonly seed?: number } =>
  isLong ? runs(few) : { ...runs(few), seed: 7 };
const patience = isLong ? 3_600_000 : 30_000;

const numeral = (text: string): Ref => ({ number: readNumber(text) ?? counted(0) });
const list = (kind: "list" | "set", ...items: readonly Ref[]): Ref => ({ kind, items });
const mapping = (kind: "object" | "map", entries: { readonly [key: string]: Ref }): Ref => ({
  kind,
  entries: new Map(Object.entries(entries)),
});

const names: Names = new Map<string, Ref>([
  ["n", { number: counted(3) }],
  ["tenth", numeral("0.1")],
  ["s", "té xt"],
  ["digits", "12"],
  ["b", true],
  ["z", null],
  ["t", tuple([numeral("1"), "a", true, null])],
  ["l", list("list", "b", "a", "b")],
  ["ns", list("set", numeral("1"), numeral("2.5"))],
  [
    "o",
    mapping("object", {
      a: numeral("1"),
      b: tuple(["x", mapping("object", { a: "y" })]),
      "k-1": null,
      for: false,
    }),
  ],
  ["m", mapping("map", { b: "2", a: "1", é: "x" })],
]);

const scope = (): Scope => ({
  functions: functionsFor(undefined),
  names: new Map([...names].map(([name, value]) => [name, sourceValue(value)])),
  namespaces: new Map(),
  keepsUnknown: false,
  budget: fullBudget(),
});

function evaluated(
  text: string,
): { readonly value: Value } | { readonly faults: readonly Diagnostic[] } {
  const faults = new Faults();
  const value = faults.attempt(() =>
    evaluate(readWholeExpression(createSource("t", text)), scope()),
  );
  return value === undefined ? { faults: faults.list } : { value };
}

/** What the reference makes of a tree; undefined where the language leaves it open. */
function wanted(tree: Tree): string | undefined {
  try {
    return sameForm(referenceValue(tree, names));
  } catch (thrown) {
    if (thrown instanceof Wrong) return "wrong";
    if (thrown instanceof LeftOpen) return undefined;
    throw thrown;
  }
}

describe("any expression", () => {
  test(
    "gives what the published rules say, however it is written",
    () => {
      const seen = { right: 0, wrong: 0 };
      const settings = tries(1500);
      fc.assert(
        fc.property(anyTape, anyTape, (bytes, style) => {
          const tree = treeFrom(bytes);
          const want = wanted(tree);
          if (want === undefined) return;
          const text = printTree(tree, tapeOf(style));
          const got = evaluated(text);
          seen[want === "wrong" ? "wrong" : "right"] += 1;
          const told = "value" in got ? sameForm(got.value) : "wrong";
          if (told !== want)
            throw new Error(
              `${text}\n wanted ${want}\n got ${told} ${JSON.stringify("faults" in got ? got.faults : "")}`,
            );
        }),
        settings,
      );
      expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(settings.numRuns / 10);
    },
    patience,
  );
});
