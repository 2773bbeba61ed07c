import * as fc from "fast-check";
import parser from "hcl2-parser";
import { expect, test } from "vitest";
import { readBody } from "../../../src/jobspec/core/hcl/body.ts";
import { createSource, Faults } from "../../../src/jobspec/core/hcl/source.ts";
import { anyTape, tapeOf } from "../../support/expression-soil.ts";
import { treeFrom } from "../../support/generate-expression.ts";
import { printTree } from "../../support/print-tree.ts";
import { patience, tries } from "./runs.ts";

/** Pieces that make a right text wrong, and now and then right again. */
const pieces = Array.from("{}[]()=,.:?!*+-/%<>&|~#\"'\\$ \n\t").concat([
  "${",
  "%{",
  "~}",
  "...",
  "=>",
  "==",
  "<<E\n",
  "<<-E\n",
  "E\n",
  "\r\n",
  "for ",
  " in ",
  " if ",
  "x",
  "1",
  "[*]",
  ".*",
  ".0",
  "null",
  "/*",
  "*/",
  "é",
]);

function spoiled(text: string, bytes: Uint8Array): string {
  const tape = tapeOf(bytes);
  const place = (): number => (tape.below(256) * 256 + tape.below(256)) % (text.length + 1);
  switch (tape.below(5)) {
    case 0:
      return text;
    case 1: {
      const at = place();
      return text.slice(0, at) + text.slice(at + 1 + tape.below(3));
    }
    case 2: {
      const [from, length, to] = [place(), 1 + tape.below(6), place()];
      return text.slice(0, to) + text.slice(from, from + length) + text.slice(to);
    }
    default: {
      const at = place();
      return text.slice(0, at) + (pieces[tape.below(pieces.length)] ?? "") + text.slice(at);
    }
  }
}

/** The other reader works literals out and trips over !null; results of a conditional it leaves alone. */
const head = "x = y ? ";

/** Whether it can be read; undefined where the other reader breaks down or is known to be older than the language. */
function otherTakes(text: string): boolean | undefined {
  // Signs side by side before a mark, and names with a namespace, were settled after that reader was made.
  const isNewer = /[$%]{2}|::/.test(text);
  // Half a surrogate pair is no text that could be handed over.
  if (isNewer || /\p{Surrogate}/u.test(text) || !text.startsWith(head)) return undefined;
  try {
    const [, fault] = parser.parseToObject(text) as [unknown, unknown];
    return fault === null;
  } catch {
    // It breaks down on keys that are null.
    return undefined;
  }
}

interface Taken {
  readonly takes: boolean;
  readonly why: string;
}

/** Undefined for a name that is set twice, which is told only when the block around it is known. */
function weTake(text: string): Taken | undefined {
  const faults = new Faults();
  const body = readBody(createSource("t", text), faults);
  const names = body?.items.map(({ name }) => name) ?? [];
  if (new Set(names).size < names.length) return undefined;
  const why = faults.list.map(({ summary, start }) => `${start?.line},${start?.column} ${summary}`);
  return { takes: why.length === 0, why: why.join("; ") };
}

test(
  "any expression, whole or spoiled, is read when the other reader reads it",
  () => {
    let both = 0;
    const settings = tries(120);
    fc.assert(
      fc.property(
        anyTape,
        anyTape,
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (bytes, style, spoil) => {
          const text = spoiled(`${head}${printTree(treeFrom(bytes), tapeOf(style))} : 1\n`, spoil);
          const other = otherTakes(text);
          if (other === undefined) return;
          const taken = weTake(text);
          if (taken === undefined) return;
          const { takes, why } = taken;
          if (takes && other) both += 1;
          if (takes !== other)
            throw new Error(
              `${other ? "it is taken there" : "it is refused there"}; here: ${why}\n${JSON.stringify(text)}`,
            );
        },
      ),
      settings,
    );
    expect(both).toBeGreaterThan(settings.numRuns / 10);
  },
  patience,
);
