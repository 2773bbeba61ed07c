import { assertNever } from "../../src/lib/errors.ts";
import type { ForTree, Part, Tree, TreeStep } from "./expression-tree.ts";
import {
  asIndex,
  calculate,
  counted,
  isMinus,
  negated,
  order,
  readNumber,
} from "./reference-number.ts";
import type { RefNumber } from "./reference-number.ts";
import { layOut } from "./reference-template.ts";
import {
  common,
  compareTexts,
  converted,
  equal,
  isMapping,
  isNull,
  isNumber,
  isSequence,
  kindOf,
  LeftOpen,
} from "./reference-values.ts";
import { textOf, tuple, typeOf, typeText, unknown, Wrong } from "./reference-values.ts";
import type { Ref, Type } from "./reference-values.ts";

export type Names = ReadonlyMap<string, Ref>;

/** The value of a tree, straight from the published rules; throws `Wrong` when it has none. */
export function referenceValue(tree: Tree, names: Names): Ref {
  const value = (inner: Tree): Ref => referenceValue(inner, names);
  switch (tree.kind) {
    case "number":
      return { number: readNumber(tree.text) ?? { infinite: 1 } };
    case "bool":
      return tree.is;
    case "null":
      return null;
    case "name": {
      const found = names.get(tree.name);
      if (found === undefined) throw new Wrong(`there is no ${tree.name}`);
      return found;
    }
    case "template":
      return templateValue(layOut(tree.shape, tree.parts), names);
    case "unary": {
      const [kind] = tree.operator === "!" ? (["bool"] as const) : (["number"] as const);
      const operand = required(value(tree.inner), kind);
      if (operand === unknown) return unknown;
      return isNumber(operand) ? { number: negated(operand.number) } : operand !== true;
    }
    case "binary":
      return operated(tree.operator, value(tree.left), value(tree.right));
    case "conditional":
      return chosen(tree, names);
    case "tuple":
      return whole(tree.items.map(value), tuple);
    case "object": {
      const keys = tree.items.map(([key]) =>
        key.kind === "word" ? key.word : required(value(key.tree), "string"),
      );
      const items = tree.items.map(([, item]) => value(item));
      return whole([...keys, ...items], () =>
        objectOf(keys.map((key, at) => [spelled(key), items[at] ?? null])),
      );
    }
    case "for":
      return loopValue(tree, names);
    case "step":
      return stepValue(value(tree.base), tree.step, names);
    case "call":
      return callValue(tree, names);
    case "type":
      throw new Wrong("a type is no value");
    default:
      return assertNever(tree);
  }
}

const objectOf = (entries: readonly (readonly [string, Ref])[]): Ref => ({
  kind: "object",
  entries: new Map(entries),
});

/** Something made of parts is unknown when one of these is. */
const whole = (parts: readonly Ref[], make: (parts: readonly Ref[]) => Ref): Ref =>
  parts.includes(unknown) ? unknown : make(parts);

/** The value in a type that does not take null. */
function required(value: Ref, type: Type): Ref {
  if (isNull(value)) throw new Wrong("null");
  return converted(value, type);
}

function operated(operator: string, left: Ref, right: Ref): Ref {
  if (operator === "==" || operator === "!=")
    return whole([left, right], () => equal(left, right) === (operator === "=="));
  const kind = operator === "&&" || operator === "||" ? "bool" : "number";
  return whole([required(left, kind), required(right, kind)], ([a, b]) => {
    if (operator === "&&") return a === true && b === true;
    if (operator === "||") return a === true || b === true;
    return compared(operator, order(of(a), of(b))) ?? calculated(operator, of(a), of(b));
  });
}

function compared(operator: string, sign: number): boolean | undefined {
  if (operator === "<") return sign < 0;
  if (operator === "<=") return sign <= 0;
  if (operator === ">") return sign > 0;
  return operator === ">=" ? sign >= 0 : undefined;
}

function calculated(operator: string, a: RefNumber, b: RefNumber): Ref {
  const number = calculate(operator, a, b);
  if (number === undefined) throw new Wrong("no number");
  return { number };
}

/** The error of a step that may not matter, or its value. */
interface Outcome {
  readonly value: Ref;
}

function tried(step: () => Ref): Outcome | Wrong {
  try {
    return { value: step() };
  } catch (thrown) {
    if (thrown instanceof Wrong) return thrown;
    throw thrown;
  }
}

function chosen(tree: Extract<Tree, { kind: "conditional" }>, names: Names): Ref {
  const [yes, no] = [tree.yes, tree.no].map((side) => tried(() => referenceValue(side, names)));
  if (yes === undefined || no === undefined) throw new Error("there are two sides");
  const type = sideTypes([yes, no]);
  const test = required(referenceValue(tree.test, names), "bool");
  if (test === unknown) return unknown;
  const side = test === true ? yes : no;
  if (side instanceof Wrong) throw side;
  return converted(side.value, type);
}

/** What both sides are brought to, where both have a value. */
function sideTypes(sides: readonly (Outcome | Wrong)[]): Type {
  const known = sides.flatMap((side) =>
    side instanceof Wrong || side.value === unknown ? [] : [side.value],
  );
  const types = known.map(typeOf);
  if (types.length < 2) return "any";
  // Null that is written as such takes the type of the other side.
  const bare = known.findIndex((value) => isNull(value) && typeOf(value) === "any");
  return bare < 0 ? common(types) : (types[1 - bare] ?? "any");
}

/** Keys and values in the order of a loop; undefined while nothing is known. */
function turns(collection: Ref): readonly (readonly [Ref, Ref])[] | undefined {
  if (collection === unknown) return undefined;
  if (isSequence(collection))
    return collection.items.map((item, at) => [
      collection.kind === "set" ? item : { number: counted(at) },
      item,
    ]);
  if (isMapping(collection)) return [...collection.entries].sort(([a], [b]) => compareTexts(a, b));
  throw new Wrong("nothing to go over");
}

const bound = (
  loop: { readonly keyName: string | undefined; readonly valueName: string },
  names: Names,
  key: Ref,
  value: Ref,
): Names =>
  new Map([
    ...names,
    ...(loop.keyName === undefined ? [] : [[loop.keyName, key] as const]),
    [loop.valueName, value],
  ]);

function loopValue(loop: ForTree, names: Names): Ref {
  const all = turns(referenceValue(loop.collection, names));
  if (all === undefined) return unknown;
  const isWanted = (inner: Names): Ref =>
    loop.condition === undefined ? true : required(referenceValue(loop.condition, inner), "bool");
  if (all.length === 0) isWanted(bound(loop, names, unknown, unknown));
  const rows: [string, Ref][] = [];
  let isUnknown = false;
  for (const [key, value] of all) {
    const inner = bound(loop, names, key, value);
    const wanted = isWanted(inner);
    if (wanted === false) continue;
    const name = loop.key === undefined ? "" : required(referenceValue(loop.key, inner), "string");
    const item =
      name === unknown || wanted === unknown ? unknown : referenceValue(loop.value, inner);
    if (item === unknown) isUnknown = true;
    rows.push([name === unknown ? "" : spelled(name), item]);
  }
  const keys = new Set(rows.map(([name]) => name));
  if (loop.key !== undefined && !loop.isGrouped && !isUnknown && keys.size < rows.length)
    throw new Wrong("repeated key");
  if (isUnknown) return unknown;
  if (loop.key === undefined) return tuple(rows.map(([, item]) => item));
  if (!loop.isGrouped) return objectOf(rows);
  const group = (key: string): Ref =>
    tuple(rows.filter(([name]) => name === key).map(([, item]) => item));
  return objectOf([...keys].map((key) => [key, group(key)]));
}

function stepValue(base: Ref, step: TreeStep, names: Names): Ref {
  if (step.kind === "index") return indexed(base, referenceValue(step.key, names));
  if (step.kind === "legacy") return indexed(base, { number: counted(step.index) });
  if (step.kind === "attribute") {
    if (base === unknown) return unknown;
    const found = isMapping(base) ? base.entries.get(step.name) : undefined;
    if (found === undefined) throw new Wrong(`no ${step.name}`);
    return found;
  }
  if (base === unknown) return unknown;
  if (isNull(base) && ["list", "set", "tuple"].some((kind) => kind === kindOf(typeOf(base))))
    throw new Wrong("a sequence that is null");
  const items = isSequence(base) ? base.items : isNull(base) ? [] : [base];
  const walked = items.map((item) =>
    step.steps.reduce((value, next) => stepValue(value, next, names), item),
  );
  if (!isSequence(base) || base.kind === "tuple") return whole(walked, () => tuple(walked));
  const of = walked[0] === undefined ? step.steps.reduce(behind, base.of) : typeOf(walked[0]);
  return whole(walked, () => ({ kind: "list", items: walked, of }));
}

/** The type that a step leads to from a type. */
function behind(type: Type, step: TreeStep): Type {
  if (type === "any") return "any";
  if (typeof type === "string") {
    if (step.kind === "splat") throw new LeftOpen("a splat of splats that has no element");
    throw new Wrong("no parts");
  }
  switch (step.kind) {
    case "attribute": {
      const found =
        type.kind === "object" ? type.of.get(step.name) : type.kind === "map" ? type.of : undefined;
      if (found === undefined) throw new Wrong(`no ${step.name}`);
      return found;
    }
    case "index":
    case "legacy":
    case "splat":
      throw new LeftOpen("the type of what no element leads to");
    default:
      return assertNever(step);
  }
}

function indexed(base: Ref, key: Ref): Ref {
  if (base === unknown || key === unknown) return unknown;
  if (isMapping(base)) {
    const found = base.entries.get(spelled(required(key, "string")));
    if (found !== undefined) return found;
  } else if (isSequence(base) && base.kind !== "set") {
    const number = required(key, "number");
    const found = isNumber(number) ? base.items[asIndex(number.number) ?? -1] : undefined;
    if (found !== undefined) return found;
  }
  throw new Wrong("no such element");
}

function templateValue(parts: readonly Part[], names: Names): Ref {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "value") return referenceValue(only.inner, names);
  const text = rendered(parts, names);
  return text === unknown ? unknown : textOf(text);
}

function rendered(parts: readonly Part[], names: Names): string | typeof unknown {
  const texts = parts.map((part): Ref => {
    if (part.kind === "text") return part.text;
    if (part.kind === "value") return required(referenceValue(part.inner, names), "string");
    if (part.kind === "if") {
      const test = required(referenceValue(part.test, names), "bool");
      return test === unknown
        ? unknown
        : rendered(test === true ? part.yes : (part.no ?? []), names);
    }
    const all = turns(referenceValue(part.collection, names));
    if (all === undefined) return unknown;
    const turned = all.map(([key, value]): Ref =>
      rendered(part.body, bound(part, names, key, value)),
    );
    return whole(turned, () => turned.map(spelled).join(""));
  });
  return texts.includes(unknown) ? unknown : texts.map(spelled).join("");
}

const functions: Readonly<
  Record<
    string,
    {
      readonly takes: Type | "anything";
      readonly count?: number;
      readonly call: (args: readonly Ref[]) => Ref;
    }
  >
> = {
  upper: { takes: "string", count: 1, call: ([text]) => textOf(spelled(text).toUpperCase()) },
  lower: { takes: "string", count: 1, call: ([text]) => textOf(spelled(text).toLowerCase()) },
  abs: {
    takes: "number",
    count: 1,
    call: ([a]) => (isMinus(of(a)) ? { number: negated(of(a)) } : (a ?? null)),
  },
  max: { takes: "number", call: (all) => all.reduce((a, b) => (order(of(b), of(a)) > 0 ? b : a)) },
  min: { takes: "number", call: (all) => all.reduce((a, b) => (order(of(b), of(a)) < 0 ? b : a)) },
  length: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      if (isSequence(value)) return { number: counted(value.items.length) };
      if (isMapping(value) && value.kind === "map") return { number: counted(value.entries.size) };
      throw new Wrong("no length");
    },
  },
  concat: {
    takes: "any",
    call: (all) => {
      const lists = all.filter(isSequence).filter(({ kind }) => kind !== "set");
      if (lists.length < all.length || all.length === 0) throw new Wrong("no sequences");
      const items = lists.flatMap((list) => list.items);
      if (lists.some(({ kind }) => kind === "tuple")) return tuple(items);
      const type = outcomeOf(() => common(lists.map(typeOf)));
      return type === undefined || typeof type === "string" || type.kind !== "list"
        ? tuple(items)
        : { kind: "list", items: items.map((item) => converted(item, type.of)), of: type.of };
    },
  },
  keys: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      const names = sortedOf(value).map(([key]) => key);
      return isMapping(value) && value.kind === "map"
        ? { kind: "list", items: names, of: "string" }
        : tuple(names);
    },
  },
  values: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      const items = sortedOf(value).map(([, item]) => item);
      return isMapping(value) && value.kind === "map"
        ? { kind: "list", items, of: value.of }
        : tuple(items);
    },
  },
  merge: {
    takes: "anything",
    call: (all) => {
      const types = all.map(typeOf);
      if (!types.every((type) => ["any", "map", "object"].includes(kindOf(type))))
        throw new Wrong("no mappings");
      const entries = new Map(all.filter(isMapping).flatMap((one) => [...one.entries]));
      const [first, ...others] = types;
      const isOne = others.every((type) => typeText(type) === typeText(first ?? "any"));
      return isOne && first !== undefined && typeof first !== "string" && first.kind === "map"
        ? { kind: "map", entries, of: first.of }
        : { kind: "object", entries };
    },
  },
};

function outcomeOf(step: () => Type): Type | undefined {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof Wrong) return undefined;
    throw thrown;
  }
}

function sortedOf(value: Ref): readonly (readonly [string, Ref])[] {
  if (!isMapping(value)) throw new Wrong("no mapping");
  return [...value.entries].sort(([a], [b]) => compareTexts(a, b));
}

/** A text that was made sure of. */
function spelled(value: Ref | undefined): string {
  if (typeof value === "string") return value;
  throw new Error("a text was made sure of");
}

const of = (value: Ref | undefined): RefNumber => {
  if (value === undefined || !isNumber(value)) throw new Error("a number was made sure of");
  return value.number;
};

function callValue(tree: Extract<Tree, { kind: "call" }>, names: Names): Ref {
  if (tree.name === "try" || tree.name === "can" || tree.name === "convert")
    return lazyValue(tree, names);
  const found = functions[tree.name];
  if (found === undefined) throw new Wrong("no such function");
  const last = tree.isExpanded ? tree.args.at(-1) : undefined;
  const direct = last === undefined ? tree.args : tree.args.slice(0, -1);
  const values = direct.map((arg) => tried(() => referenceValue(arg, names)));
  if (last !== undefined) {
    const list = referenceValue(last, names);
    if (list === unknown) return unknown;
    if (!isSequence(list)) throw new Wrong("nothing to expand");
    values.push(...list.items.map((value): Outcome => ({ value })));
  }
  const mayBeNone = tree.name === "merge";
  if (found.count === undefined ? values.length === 0 && !mayBeNone : values.length !== found.count)
    throw new Wrong("wrong count");
  const args = values.map((value) => {
    if (value instanceof Wrong) throw value;
    return found.takes === "anything" ? value.value : required(value.value, found.takes);
  });
  return whole(args, found.call);
}

function lazyValue(tree: Extract<Tree, { kind: "call" }>, names: Names): Ref {
  const [first, second] = tree.args;
  if (tree.name === "try") {
    for (const arg of tree.args) {
      const outcome = tried(() => referenceValue(arg, names));
      if (!(outcome instanceof Wrong)) return outcome.value;
    }
    throw new Wrong("nothing works");
  }
  if (first === undefined || tree.args.length !== (tree.name === "can" ? 1 : 2))
    throw new Wrong("wrong count");
  if (tree.name === "convert") {
    if (second?.kind !== "type") throw new Wrong("no type");
    return converted(referenceValue(first, names), typeNamed(second.text));
  }
  const outcome = tried(() => referenceValue(first, names));
  return outcome instanceof Wrong ? false : outcome.value === unknown ? unknown : true;
}

function typeNamed(text: string): Type {
  if (text === "string" || text === "number" || text === "bool") return text;
  const match = /^(list|set|map)\((.*)\)$/.exec(text);
  const kind = match?.[1];
  if (kind === "list" || kind === "set" || kind === "map")
    return { kind, of: typeNamed(match?.[2] ?? "") };
  throw new Wrong("no such type");
}
