import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readWholeExpression } from "../../../src/jobspec/core/hcl/body.ts";
import { createSource } from "../../../src/jobspec/core/hcl/source.ts";
import { evaluateText, globalValues } from "../../support/evaluate-text.ts";
import type { Tree } from "../../support/expression-tree.ts";
import { anyTape, tapeOf } from "../../support/expression-soil.ts";
import { treeFrom } from "../../support/generate-expression.ts";
import { printTree } from "../../support/print-tree.ts";
import { sameForm } from "../../support/reference-bridge.ts";
import { referenceValue } from "../../support/reference-evaluator.ts";
import { LeftOpen, Wrong } from "../../support/reference-values.ts";
import { expressionForm, treeForm } from "../../support/tree-form.ts";
import { patience, tries } from "./runs.ts";

/** What the rules make of a tree; undefined where they leave it open. */
function wanted(tree: Tree): string | undefined {
  try {
    return sameForm(referenceValue(tree, globalValues));
  } catch (thrown) {
    if (thrown instanceof Wrong) return "wrong";
    if (thrown instanceof LeftOpen) return undefined;
    throw thrown;
  }
}

test(
  "any expression gives what the published rules say, however it is written",
  () => {
    const seen = { right: 0, wrong: 0 };
    const settings = tries(700);
    fc.assert(
      fc.property(anyTape, anyTape, (bytes, style) => {
        const tree = treeFrom(bytes);
        const want = wanted(tree);
        if (want === undefined) return;
        const text = printTree(tree, tapeOf(style));
        const got = evaluateText(text);
        seen[want === "wrong" ? "wrong" : "right"] += 1;
        if ((got.isRight ? got.form : "wrong") !== want)
          throw new Error(`${text}\n wanted ${want}\n got ${JSON.stringify(got)}`);
        if (!got.isRight && got.faults.length !== new Set(got.faults).size)
          throw new Error(`${text}\n tells a fault twice: ${got.faults.join("\n")}`);
      }),
      settings,
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(settings.numRuns / 10);
  },
  patience,
);

test(
  "any expression is read as the tree that was written",
  () => {
    fc.assert(
      fc.property(anyTape, anyTape, (bytes, style) => {
        const tree = treeFrom(bytes);
        const text = printTree(tree, tapeOf(style));
        const read = expressionForm(readWholeExpression(createSource("t", text)));
        if (read !== treeForm(tree))
          throw new Error(`${text}\n read ${read}\n not ${treeForm(tree)}`);
      }),
      tries(700),
    );
  },
  patience,
);
