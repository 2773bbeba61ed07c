import { assertNever } from "../../src/lib/errors.ts";
import { precedence } from "./expression-tree.ts";
import type {
  BinaryOperator,
  ForTree,
  Key,
  Part,
  Strip,
  TemplateShape,
  Tree,
  TreeStep,
} from "./expression-tree.ts";

import { chance, deeper, globalNames, pick, tapeOf } from "./expression-soil.ts";
import type { Soil, Tape, Wanted } from "./expression-soil.ts";

/** Trees of every kind, right and wrong ones, made from bytes so that they shrink well. */
export function treeFrom(bytes: ArrayLike<number>): Tree {
  const tape = tapeOf(bytes);
  return grow({ tape, names: globalNames, depth: 0 }, pick(tape, kinds));
}

/** A small tree that most often gives a value of one kind. */
export const treeOf = (wanted: Wanted, bytes: ArrayLike<number>): Tree =>
  grow({ tape: tapeOf(bytes), names: globalNames, depth: 3 }, wanted);

const kinds: readonly Wanted[] = ["number", "text", "bool", "sequence", "mapping", "any", "null"];
const deepest = 6;

function grow(soil: Soil, wanted: Wanted): Tree {
  const { tape } = soil;
  if (chance(tape, 24)) return grow(deeper(soil), pick(tape, kinds));
  if (soil.depth >= deepest) return leaf(soil, wanted);
  const inner = deeper(soil);
  const makers = [...ways[wanted], leaf, conditional, stepTo, lazyCall];
  return pick(tape, [leaf, ...makers])(inner, wanted);
}

type Way = (soil: Soil, wanted: Wanted) => Tree;

function leaf({ tape, names }: Soil, wanted: Wanted): Tree {
  const kind = wanted === "any" ? pick(tape, kinds) : wanted;
  const known = Object.keys(names).filter((name) => names[name] === kind || names[name] === "any");
  if (known.length > 0 && chance(tape, 3)) return { kind: "name", name: pick(tape, known) };
  switch (kind) {
    case "number":
      return {
        kind: "number",
        text: pick(tape, ["1", "0", "2", "3", "0.5", "10", "1e2", "0.1", "7", "007", "1.50"]),
      };
    case "bool":
      return { kind: "bool", is: tape.below(2) === 0 };
    case "text":
      return template({
        shape: "quoted",
        parts: [{ kind: "text", text: pick(tape, ["a", "5", "true", "", "é\n", "b c"]) }],
      });
    case "sequence":
      return { kind: "tuple", items: [] };
    case "mapping":
      return { kind: "object", items: [] };
    case "any":
    case "null":
      return chance(tape, 5) ? { kind: "name", name: "nobody" } : { kind: "null" };
    default:
      return assertNever(kind);
  }
}

const template = (made: {
  readonly shape: TemplateShape;
  readonly parts: readonly Part[];
}): Tree => ({
  kind: "template",
  ...made,
});

const operatorsFor = {
  number: [...precedence[4], ...precedence[5]],
  order: precedence[3],
  same: precedence[2],
  logic: [...precedence[0], ...precedence[1]],
} as const;

const operation =
  (group: keyof typeof operatorsFor, of: Wanted): Way =>
  (soil) => {
    const operator: BinaryOperator = pick<BinaryOperator>(soil.tape, operatorsFor[group]);
    return { kind: "binary", operator, left: grow(soil, of), right: grow(soil, of) };
  };

const ways: Readonly<Record<Wanted, readonly Way[]>> = {
  number: [
    operation("number", "number"),
    operation("number", "number"),
    (soil) => ({ kind: "unary", operator: "-", inner: grow(soil, "number") }),
    (soil) => callOf(soil, "length", "sequence"),
    (soil) => callOf(soil, pick(soil.tape, ["abs", "max", "min"]), "number"),
    (soil) => template({ shape: "quoted", parts: [valuePart(soil, "number")] }),
  ],
  bool: [
    operation("order", "number"),
    operation("logic", "bool"),
    (soil) => operation("same", pick(soil.tape, kinds))(soil, "bool"),
    (soil) => ({ kind: "unary", operator: "!", inner: grow(soil, "bool") }),
    (soil) => ({ kind: "call", name: "can", args: [grow(soil, "any")], isExpanded: false }),
  ],
  text: [
    templateTree,
    templateTree,
    templateTree,
    (soil) => callOf(soil, pick(soil.tape, ["upper", "lower"]), "text"),
  ],
  sequence: [
    tupleTree,
    (soil) => loop(soil, false),
    (soil) => loop(soil, false),
    (soil) => ({
      kind: "step",
      base: grow(soil, pick(soil.tape, ["sequence", "any"])),
      step: splat(soil),
    }),
    (soil) =>
      convert(
        soil,
        pick(soil.tape, ["list(string)", "set(number)", "list(number)", "set(string)"]),
        "sequence",
      ),
    (soil) => callOf(soil, "concat", "sequence"),
    (soil) => callOf(soil, pick(soil.tape, ["keys", "values"]), "mapping"),
  ],
  mapping: [
    objectTree,
    (soil) => loop(soil, true),
    (soil) => loop(soil, true),
    (soil) =>
      convert(
        soil,
        pick(soil.tape, ["map(string)", "map(number)", "map(list(string))"]),
        "mapping",
      ),
    (soil) => callOf(soil, "merge", "mapping"),
  ],
  null: [],
  any: kinds.map(
    (kind): Way =>
      (soil) =>
        grow(soil, kind),
  ),
};

const conditional: Way = (soil, wanted) => ({
  kind: "conditional",
  test: grow(soil, "bool"),
  yes: grow(soil, wanted),
  no: grow(soil, chance(soil.tape, 6) ? "any" : wanted),
});

const lazyCall: Way = (soil, wanted) =>
  chance(soil.tape, 8)
    ? { kind: "call", name: "nope", args: [grow(soil, wanted)], isExpanded: false }
    : {
        kind: "call",
        name: "try",
        args: [grow(soil, "any"), grow(soil, wanted)],
        isExpanded: false,
      };

/** Into a value of known shape most of the time, so that something is found there. */
const stepTo: Way = (soil, wanted) => {
  const { tape } = soil;
  if (chance(tape, 3))
    return {
      kind: "step",
      base: grow(soil, pick(tape, ["mapping", "sequence"])),
      step: plainStep(soil),
    };
  const held = grow(soil, wanted);
  if (tape.below(2) === 0) {
    const items = [grow(soil, "any"), held].slice(tape.below(2));
    const at = items.length - 1;
    const step: TreeStep =
      tape.below(2) === 0
        ? { kind: "legacy", index: at }
        : {
            kind: "index",
            key: chance(tape, 3) ? quoted(String(at)) : { kind: "number", text: String(at) },
          };
    return { kind: "step", base: { kind: "tuple", items }, step };
  }
  const name = pick(tape, words);
  const step: TreeStep =
    tape.below(2) === 0 ? { kind: "attribute", name } : { kind: "index", key: quoted(name) };
  return {
    kind: "step",
    base: { kind: "object", items: [[{ kind: "word", word: name }, held]] },
    step,
  };
};

const words = ["a", "b", "k-1", "é", "for", "null"];
const quoted = (text: string): Tree =>
  template({ shape: "quoted", parts: [{ kind: "text", text }] });

function plainStep(soil: Soil): TreeStep {
  const { tape } = soil;
  switch (tape.below(3)) {
    case 0:
      return { kind: "attribute", name: pick(tape, words) };
    case 1:
      return { kind: "legacy", index: tape.below(3) };
    default:
      return { kind: "index", key: grow(soil, pick(tape, ["number", "text", "any"])) };
  }
}

function splat(soil: Soil): TreeStep {
  const { tape } = soil;
  const isFull = tape.below(2) === 0;
  const steps = Array.from({ length: tape.below(3) }, (): TreeStep => {
    if (isFull && soil.depth < deepest && chance(tape, 5)) return splat(deeper(soil));
    const step = plainStep(soil);
    return isFull || step.kind !== "index" ? step : { kind: "attribute", name: pick(tape, words) };
  });
  // A full splat inside another takes all steps behind it.
  const first = steps.findIndex((step) => step.kind === "splat");
  return { kind: "splat", isFull, steps: first < 0 ? steps : steps.slice(0, first + 1) };
}

function tupleTree(soil: Soil): Tree {
  const { tape } = soil;
  const of = pick(tape, kinds);
  return {
    kind: "tuple",
    items: Array.from({ length: tape.below(4) }, () => grow(soil, chance(tape, 3) ? "any" : of)),
  };
}

function objectTree(soil: Soil): Tree {
  const { tape } = soil;
  const key = (): Key =>
    chance(tape, 3)
      ? { kind: "computed", tree: grow(soil, "text") }
      : { kind: "word", word: pick(tape, words) };
  return {
    kind: "object",
    items: Array.from({ length: tape.below(4) }, () => [key(), grow(soil, "any")] as const),
  };
}

function loopNames(tape: Tape): Pick<ForTree, "keyName" | "valueName"> {
  return {
    keyName: tape.below(2) === 0 ? undefined : pick(tape, ["i", "k", "x"]),
    valueName: pick(tape, ["v", "x", "for"]),
  };
}

const inside = (
  soil: Soil,
  { keyName, valueName }: Pick<ForTree, "keyName" | "valueName">,
): Soil => ({
  ...soil,
  names: {
    ...soil.names,
    ...(keyName === undefined ? {} : { [keyName]: "any" as const }),
    [valueName]: "any",
  },
});

function loop(soil: Soil, makesMapping: boolean): Tree {
  const { tape } = soil;
  const names = loopNames(tape);
  const collection = grow(soil, pick(tape, ["sequence", "mapping", "sequence"]));
  const inner = inside(soil, names);
  return {
    kind: "for",
    ...names,
    collection,
    key: makesMapping ? grow(inner, "text") : undefined,
    value: grow(inner, "any"),
    condition: chance(tape, 3) ? grow(inner, "bool") : undefined,
    isGrouped: makesMapping && tape.below(2) === 0,
  };
}

const convert = (soil: Soil, type: string, of: Wanted): Tree => ({
  kind: "call",
  name: "convert",
  args: [grow(soil, of), { kind: "type", text: type }],
  isExpanded: false,
});

function callOf(soil: Soil, name: string, of: Wanted): Tree {
  const { tape } = soil;
  const args = Array.from(
    { length: ["max", "min", "concat", "merge"].includes(name) ? 1 + tape.below(3) : 1 },
    () => grow(soil, of),
  );
  if (chance(tape, 12)) args.push(grow(soil, of));
  if (!chance(tape, 4)) return { kind: "call", name, args, isExpanded: false };
  const last = grow(soil, "sequence");
  return { kind: "call", name, args: [...args.slice(1), last], isExpanded: true };
}

const strip = (tape: Tape): Strip => [chance(tape, 3), chance(tape, 3)];
const valuePart = (soil: Soil, of: Wanted): Part => ({
  kind: "value",
  inner: grow(soil, of),
  strip: strip(soil.tape),
});

function templateTree(soil: Soil): Tree {
  const shape = pick<TemplateShape>(soil.tape, ["quoted", "quoted", "heredoc", "indented"]);
  const parts = partsOf(soil, shape);
  if (shape === "quoted") return template({ shape, parts });
  // The marker that ends a heredoc stands on a line of its own.
  return template({ shape, parts: joined([...parts, { kind: "text", text: "\n" }]) });
}

function partsOf(soil: Soil, shape: TemplateShape): readonly Part[] {
  const { tape } = soil;
  return joined(Array.from({ length: tape.below(5) }, () => partOf(soil, shape)));
}

const pieces = [
  "a",
  " ",
  "  ",
  "\n",
  "  b\n",
  "é",
  "e\u0301",
  "{",
  "}",
  "~",
  "$x",
  "100%",
  '"',
  "\\n",
  "\u{1F6F3}\uFE0F",
  "\t",
  "#",
  "//c",
  "\r\n",
  "E",
  "\n\n",
  " \n",
];

function partOf(soil: Soil, shape: TemplateShape): Part {
  const { tape } = soil;
  switch (soil.depth >= deepest ? 0 : tape.below(6)) {
    case 3:
      return valuePart(deeper(soil), pick(tape, ["text", "number", "bool", "any"]));
    case 4: {
      const inner = deeper(soil);
      const no = tape.below(2) === 0 ? undefined : partsOf(inner, shape);
      const strips = [strip(tape), strip(tape), strip(tape)] as const;
      return { kind: "if", test: grow(inner, "bool"), yes: partsOf(inner, shape), no, strips };
    }
    case 5: {
      const names = loopNames(tape);
      const inner = inside(deeper(soil), names);
      const collection = grow(deeper(soil), pick(tape, ["sequence", "mapping"]));
      return {
        kind: "for",
        ...names,
        collection,
        body: partsOf(inner, shape),
        strips: [strip(tape), strip(tape)],
      };
    }
    default: {
      const text = Array.from({ length: 1 + tape.below(3) }, () => pick(tape, pieces)).join("");
      return { kind: "text", text: shape === "quoted" ? text : text.replaceAll(/[$%]/g, "-") };
    }
  }
}

/** Texts that stand side by side are one text. */
function joined(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind === "text" && last?.kind === "text")
      out[out.length - 1] = { kind: "text", text: last.text + part.text };
    else out.push(part);
  }
  return out;
}
