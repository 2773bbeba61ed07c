import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readWholeExpression } from "../../../src/jobspec/core/hcl/body.ts";
import { createSource } from "../../../src/jobspec/core/hcl/source.ts";
import { evaluateText } from "../../support/evaluate-text.ts";
import {
  binary,
  call,
  levelOf,
  named,
  number,
  precedence,
  stepped,
  text,
} from "../../support/expression-tree.ts";
import type { BinaryOperator, Key, Part, Tree } from "../../support/expression-tree.ts";
import { anyTape, tapeOf } from "../../support/expression-soil.ts";
import { treeFrom, treeOf } from "../../support/generate-expression.ts";
import type { Wanted } from "../../support/expression-soil.ts";
import { printTree } from "../../support/print-tree.ts";
import { expressionForm, treeForm } from "../../support/tree-form.ts";
import { patience, tries } from "./runs.ts";

const not = (inner: Tree): Tree => ({ kind: "unary", operator: "!", inner });
const minus = (inner: Tree): Tree => ({ kind: "unary", operator: "-", inner });
const choice = (test: Tree, yes: Tree, no: Tree): Tree => ({ kind: "conditional", test, yes, no });
const listOf = (...items: readonly Tree[]): Tree => ({ kind: "tuple", items });
const loop = (collection: Tree, value: Tree, key?: Tree): Tree => ({
  kind: "for",
  keyName: "k",
  valueName: "v",
  collection,
  key,
  value,
  condition: undefined,
  isGrouped: false,
});
const tree = (wanted: Wanted): fc.Arbitrary<Tree> => anyTape.map((bytes) => treeOf(wanted, bytes));

/** True unless the tree is wrong. */
const isThere = (tree: Tree): Tree => binary("!=", listOf(tree), number(1));

/** Both sides give the same value, or both are wrong. */
type Law = readonly [
  name: string,
  of: readonly Wanted[],
  sides: (...trees: readonly Tree[]) => readonly [Tree, Tree],
];
const need = (found: Tree | undefined): Tree => {
  if (found === undefined) throw new Error("a law has as many trees as it names");
  return found;
};
const law = (
  name: string,
  of: readonly Wanted[],
  sides: (a: Tree, b: Tree, c: Tree) => readonly [Tree, Tree],
): Law => [
  name,
  of,
  (...trees) => sides(need(trees[0]), trees[1] ?? named("z"), trees[2] ?? named("z")),
];

const laws: readonly Law[] = [
  law("not (a and b) is not a or not b", ["bool", "bool"], (a, b) => [
    not(binary("&&", a, b)),
    binary("||", not(a), not(b)),
  ]),
  law("not (a or b) is not a and not b", ["bool", "bool"], (a, b) => [
    not(binary("||", a, b)),
    binary("&&", not(a), not(b)),
  ]),
  law("and goes either way round", ["bool", "bool"], (a, b) => [
    binary("&&", a, b),
    binary("&&", b, a),
  ]),
  law("or spreads over and", ["bool", "bool", "bool"], (a, b, c) => [
    binary("||", a, binary("&&", b, c)),
    binary("&&", binary("||", a, b), binary("||", a, c)),
  ]),
  law("twice not is once a bool", ["bool"], (a) => [not(not(a)), binary("&&", a, a)]),
  law("a conditional turns round with its test", ["bool", "any", "any"], (t, a, b) => [
    choice(t, a, b),
    choice(not(t), b, a),
  ]),
  law("one result twice is that result", ["any"], (a) => [choice(named("b"), a, a), a]),
  law("equality goes either way round", ["any", "any"], (a, b) => [
    binary("==", a, b),
    binary("==", b, a),
  ]),
  law("different is not equal", ["any", "any"], (a, b) => [
    binary("!=", a, b),
    not(binary("==", a, b)),
  ]),
  law("everything equals itself", ["any"], (a) => [binary("==", listOf(a), listOf(a)), isThere(a)]),
  law("less is not at least", ["number", "number"], (a, b) => [
    binary("<", a, b),
    not(binary(">=", a, b)),
  ]),
  law("more is less the other way round", ["number", "number"], (a, b) => [
    binary(">", a, b),
    binary("<", b, a),
  ]),
  law("sums go either way round", ["number", "number"], (a, b) => [
    binary("+", a, b),
    binary("+", b, a),
  ]),
  law("products go either way round", ["number", "number"], (a, b) => [
    binary("*", a, b),
    binary("*", b, a),
  ]),
  law("a difference turns its sign round", ["number", "number"], (a, b) => [
    // Which of the two signs a zero has goes with one that has none.
    binary("+", binary("-", a, b), number(0)),
    binary("+", minus(binary("-", b, a)), number(0)),
  ]),
  law("subtracting is adding the opposite", ["number", "number"], (a, b) => [
    binary("-", a, b),
    binary("+", a, minus(b)),
  ]),
  law("parentheses and ${} change nothing", ["any"], (a) => [text(a), a]),
  law("text in text is one text", ["text", "text"], (a, b) => [
    text("<", a, "|", b, ">"),
    text("<", text(a, "|"), text("", b), ">"),
  ]),
  law("an if in a text is a conditional", ["bool", "text", "text"], (t, a, b) => {
    const part = (inner: Tree): Part => ({ kind: "value", inner, strip: [false, false] });
    const strips = [
      [false, false],
      [false, false],
      [false, false],
    ] as const;
    const parts: readonly Part[] = [
      { kind: "text", text: "<" },
      { kind: "if", test: t, yes: [part(a)], no: [part(b)], strips },
    ];
    return [{ kind: "template", shape: "quoted", parts }, choice(t, text("<", a), text("<", b))];
  }),
  law("a splat is a for", ["sequence"], (a) => [
    stepped(listOf(a, a), {
      kind: "splat",
      isFull: true,
      steps: [{ kind: "index", key: number(0) }],
    }),
    loop(listOf(a, a), stepped(named("v"), { kind: "index", key: number(0) })),
  ]),
  law("both splats take attributes", ["any", "any"], (a, b) => {
    const withA = (value: Tree): Tree => ({
      kind: "object",
      items: [[{ kind: "word", word: "a" }, value]],
    });
    const items = listOf(withA(a), withA(b));
    const steps = [{ kind: "attribute", name: "a" } as const];
    return [
      stepped(items, { kind: "splat", isFull: true, steps }),
      stepped(items, { kind: "splat", isFull: false, steps }),
    ];
  }),
  law("an index behind a dot is an index", ["sequence"], (a) => [
    stepped(a, { kind: "legacy", index: 1 }),
    stepped(a, { kind: "index", key: number(1) }),
  ]),
  law("an attribute is an index by its name", ["mapping"], (a) => [
    stepped(a, { kind: "attribute", name: "a" }),
    stepped(a, { kind: "index", key: text("a") }),
  ]),
  law("a for that changes nothing gives its list", ["any", "any"], (a, b) => [
    loop(listOf(a, b), named("v")),
    listOf(a, b),
  ]),
  law("a for that changes nothing gives its object", ["any", "any"], (a, b) => {
    const items: readonly (readonly [Key, Tree])[] = [
      [{ kind: "word", word: "é" }, a],
      [{ kind: "word", word: "b" }, b],
    ];
    const object: Tree = { kind: "object", items };
    return [loop(object, named("v"), named("k")), object];
  }),
  law("what is tried and right is what it is", ["any"], (a) => [call("try", a, a), a]),
  law("can tells whether trying helps", ["any"], (a) => [
    call("can", a),
    call("try", isThere(a), { kind: "bool", is: false }),
  ]),
  law("upper case is upper case again", ["text"], (a) => [
    call("upper", call("lower", a)),
    call("upper", a),
  ]),
  law("expanded arguments are arguments", ["number", "number"], (a, b) => [
    { kind: "call", name: "max", args: [a, listOf(b, a)], isExpanded: true },
    call("max", a, b, a),
  ]),
];

describe("laws of expressions", () => {
  test.each(laws)(
    "%s",
    (_name, of, sides) => {
      let right = 0;
      const settings = tries(60);
      fc.assert(
        fc.property(fc.tuple(...of.map(tree)), anyTape, (trees, style) => {
          const [left, other] = sides(...trees).map((side) => printTree(side, tapeOf(style)));
          const [one, two] = [evaluateText(left ?? ""), evaluateText(other ?? "")];
          if (one.isRight) right += 1;
          if ((one.isRight ? one.form : "wrong") !== (two.isRight ? two.form : "wrong"))
            throw new Error(`${left}\n ${JSON.stringify(one)}\n${other}\n ${JSON.stringify(two)}`);
        }),
        settings,
      );
      expect(right).toBeGreaterThan(settings.numRuns / 20);
    },
    patience,
  );
});

const operators: readonly BinaryOperator[] = precedence.flat();
const operand = fc.constantFrom("1", "x", "-2", "!y", "f(3)", "o.a", '"t"', "(p ? q : r)");

/** The tightest operator binds first, and of equals the left one. */
function bracketed(operands: readonly string[], signs: readonly BinaryOperator[]): string {
  const loosest = Math.min(...signs.map(levelOf));
  const at = signs.findLastIndex((sign) => levelOf(sign) === loosest);
  const sign = signs[at];
  if (sign === undefined) return `(${operands[0]})`;
  const left = bracketed(operands.slice(0, at + 1), signs.slice(0, at));
  return `(${left} ${sign} ${bracketed(operands.slice(at + 1), signs.slice(at + 1))})`;
}

test(
  "operators bind by the table, to the left",
  () => {
    const form = (written: string): string =>
      expressionForm(readWholeExpression(createSource("t", written)));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...operators), operand), { maxLength: 8 }),
        operand,
        (rest, first) => {
          const operands = [first, ...rest.map(([, other]) => other)];
          const flat = `${first}${rest.map(([sign, other]) => ` ${sign} ${other}`).join("")}`;
          expect(form(flat)).toBe(
            form(
              bracketed(
                operands,
                rest.map(([sign]) => sign),
              ),
            ),
          );
        },
      ),
      tries(200),
    );
  },
  patience,
);

test("conditionals bind to the right and loosest of all", () => {
  const form = (written: string): string =>
    expressionForm(readWholeExpression(createSource("t", written)));
  expect(form("a ? b : c ? d : e")).toBe(form("a ? b : (c ? d : e)"));
  expect(form("a ? b ? c : d : e")).toBe(form("a ? (b ? c : d) : e"));
  expect(form("a || b ? c + 1 : d && e")).toBe(form("(a || b) ? (c + 1) : (d && e)"));
  expect(form("-a.b[0] + !c * 2")).toBe(form("(-(a.b[0])) + ((!c) * 2)"));
});

/** JSON as an expression. */
function written(value: unknown): Tree {
  if (value === null) return { kind: "null" };
  if (typeof value === "boolean") return { kind: "bool", is: value };
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return listOf(...value.map(written));
  const entries = Object.entries(value as object);
  return {
    kind: "object",
    items: entries.map(([key, item]) => [{ kind: "computed", tree: text(key) }, written(item)]),
  };
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.string({ unit: "grapheme" }),
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

test(
  "a value that is written as JSON and read again is the same value",
  () => {
    fc.assert(
      fc.property(json, anyTape, (value, style) => {
        const plain = printTree(written(value), tapeOf(style));
        const one = evaluateText(plain);
        const two = evaluateText(`jsondecode(jsonencode(${plain}\n))`);
        expect(two, plain).toEqual(one);
        expect(one.isRight, plain).toBe(true);
      }),
      tries(200),
    );
  },
  patience,
);

test("the trees of the laws are what they are called", () => {
  expect(treeForm(binary("+", number(-1), text("a", named("x"))))).toBe('((- #1) + "a$<x>")');
  expect(treeFrom([]).kind).toBe("number");
});
