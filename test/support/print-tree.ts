import { assertNever } from "../../src/lib/errors.ts";
import { levelOf, precedence } from "./expression-tree.ts";
import type { Part, Strip, TemplateShape, Tree, TreeStep } from "./expression-tree.ts";
import type { Tape } from "./expression-soil.ts";

/** Where an expression stands: whether newlines are blanks there, and how loosely it may bind without parentheses. */
interface Place {
  readonly tape: Tape;
  readonly isFree: boolean;
  readonly level: number;
}
const [anything, operand, postfix] = [-1, precedence.length, precedence.length + 1];

/** The tree as text, in one of the many ways to write it; the first choices give the plainest way. */
export function printTree(tree: Tree, tape: Tape): string {
  return print(tree, { tape, isFree: false, level: anything });
}

function print(tree: Tree, place: Place): string {
  const { tape } = place;
  if (tree.kind === "type") return tree.text;
  const needs = levelOfTree(tree);
  const isHeredoc = tree.kind === "template" && tree.shape !== "quoted";
  // What follows a heredoc's marker stands on the next line, so newlines must be blanks there.
  const isLoose = needs < place.level || (isHeredoc && !place.isFree);
  if (!isLoose && tape.below(16) !== 15) return bare(tree, place);
  const inner = { tape, isFree: true, level: anything };
  return `(${blank(inner)}${bare(tree, inner)}${blank(inner)})`;
}

function levelOfTree(tree: Tree): number {
  switch (tree.kind) {
    case "conditional":
      return anything;
    case "binary":
      return levelOf(tree.operator);
    case "unary":
      return operand;
    // A dot behind digits would be read as part of the number.
    case "number":
      return operand;
    case "step":
      return tree.step.kind === "splat" ? operand : postfix;
    case "bool":
    case "call":
    case "for":
    case "name":
    case "null":
    case "object":
    case "template":
    case "tuple":
    case "type":
      return postfix;
    default:
      return assertNever(tree);
  }
}

const common = ["", " ", "  ", "\t", " /* c */ ", "/**/", " /* \n */"];
const free = [...common, "\n", " # c\n", '// c "\n', "\r\n  "];

/** Blanks and comments that change nothing. */
function blank({ tape, isFree }: Pick<Place, "tape" | "isFree">, plain = ""): string {
  if (tape.below(4) !== 3) return plain;
  const found = (isFree ? free : common)[tape.below(isFree ? free.length : common.length)] ?? "";
  return plain === "" || /^[\s/#]/.test(found) ? found : `${plain}${found}`;
}

function bare(tree: Tree, place: Place): string {
  const at = (level: number): Place => ({ ...place, level });
  const free: Place = { tape: place.tape, isFree: true, level: anything };
  switch (tree.kind) {
    case "number":
    case "type":
      return tree.text;
    case "bool":
      return String(tree.is);
    case "null":
      return "null";
    case "name":
      return tree.name;
    case "template":
      return tree.shape === "quoted" ? `"${inQuotes(tree.parts, place)}"` : heredoc(tree, place);
    case "unary":
      return `${tree.operator}${blank(place)}${print(tree.inner, at(operand))}`;
    case "binary": {
      const level = levelOf(tree.operator);
      const [left, right] = [print(tree.left, at(level)), print(tree.right, at(level + 1))];
      return `${left}${blank(place, " ")}${tree.operator} ${blank(place)}${right}`;
    }
    case "conditional":
      return [
        print(tree.test, at(0)),
        `?${blank(place, " ")}${print(tree.yes, place.isFree ? free : at(anything))}`,
        `:${blank(place, " ")}${print(tree.no, at(anything))}`,
      ].join(blank(place, " "));
    case "tuple":
      return `[${listed(
        tree.items.map((item, at) => itemText(print(item, free), at)),
        free,
      )}]`;
    case "object":
      return objectText(tree, place);
    case "for":
      return forText(tree, free);
    case "step":
      return stepText(tree, place);
    case "call": {
      const args = tree.args.map((arg) => print(arg, free));
      const list = tree.isExpanded
        ? `${args.join(", ")}${blank(free)}...${blank(free)}`
        : listed(args, free);
      return `${tree.name}${blank({ ...place, isFree: false })}(${list})`;
    }
    default:
      return assertNever(tree);
  }
}

/** What begins with the name `for` would start a loop. */
const itemText = (item: string, at: number): string =>
  at === 0 && /^for(?![\p{ID_Continue}-])/u.test(item) ? `(${item})` : item;

function listed(items: readonly string[], place: Place): string {
  const list = items
    .map((item) => `${blank(place)}${item}${blank(place)}`)
    .join(`,${blank(place, " ")}`);
  return items.length > 0 && place.tape.below(5) === 4 ? `${list},${blank(place)}` : list;
}

function objectText(tree: Extract<Tree, { kind: "object" }>, { tape }: Place): string {
  const place: Place = { tape, isFree: false, level: anything };
  const items = tree.items.map(([key, value], at) => {
    const sign = `${blank(place, " ")}${tape.below(2) === 0 ? "=" : ":"}${blank(place, " ")}`;
    const word = key.kind === "word" ? bareWord(key.word, at) : keyText(key.tree, place);
    return `${word}${sign}${print(value, place)}`;
  });
  const way = tape.below(4);
  if (way === 0) return `{ ${items.join(", ")} }`;
  if (way === 1) return `{${items.join(",")}}`;
  const end = way === 2 ? "\n" : ",\r\n # c\n";
  return `{\n${items.map((item) => `${item}${blank(place)}${end}`).join("")}}`;
}

/** A key that is called `for` starts a loop when it stands first. */
const bareWord = (word: string, at: number): string =>
  word === "for" && at === 0 ? '"for"' : word;

function keyText(tree: Tree, place: Place): string {
  const isPlain = tree.kind === "template" && tree.shape === "quoted";
  if (isPlain && place.tape.below(2) === 0) return bare(tree, place);
  const inner: Place = { ...place, isFree: true, level: anything };
  return `(${blank(inner)}${bare(tree, inner)}${blank(inner)})`;
}

function forText(tree: Extract<Tree, { kind: "for" }>, place: Place): string {
  const names =
    tree.keyName === undefined
      ? tree.valueName
      : `${tree.keyName}${blank(place)}, ${tree.valueName}`;
  const value = print(tree.value, place);
  const made =
    tree.key === undefined
      ? value
      : `${print(tree.key, place)}${blank(place, " ")}=>${blank(place, " ")}${value}`;
  const condition = tree.condition === undefined ? "" : ` if ${print(tree.condition, place)}`;
  const group = tree.isGrouped ? "..." : "";
  const text = `${blank(place)}for ${names} in ${print(tree.collection, place)}${blank(place, " ")}:${blank(place, " ")}${made}${group}${condition}${blank(place)}`;
  return tree.key === undefined ? `[${text}]` : `{${text}}`;
}

function stepText(tree: Extract<Tree, { kind: "step" }>, place: Place): string {
  // Only an index may stand behind an attribute splat without becoming part of it.
  const canFollow =
    tree.step.kind === "index" &&
    tree.base.kind === "step" &&
    tree.base.step.kind === "splat" &&
    !tree.base.step.isFull;
  const base = canFollow ? bare(tree.base, place) : print(tree.base, { ...place, level: postfix });
  return chained([base, oneStep(tree.step, place)]);
}

/** Two indexes behind dots side by side would read as one number. */
const chained = (texts: readonly string[]): string =>
  texts.reduce((all, next) =>
    /\.\d+$/.test(all) && /^\.\d/.test(next) ? `${all} ${next}` : all + next,
  );

function oneStep(step: TreeStep, place: Place): string {
  switch (step.kind) {
    case "attribute":
      return `.${step.name}`;
    case "legacy":
      return `${blank(place)}.${step.index}${blank(place)}`;
    case "index":
      return `[${blank({ ...place, isFree: true })}${print(step.key, { ...place, isFree: true, level: anything })}]`;
    case "splat": {
      const sign = step.isFull ? `[${blank({ ...place, isFree: false })}*]` : ".*";
      return chained([sign, ...step.steps.map((next) => oneStep(next, place))]);
    }
    default:
      return assertNever(step);
  }
}

/** `${`, `${~` and so on up to the closing brace. */
function mark(sign: "$" | "%", [left, right]: Strip, inner: string, place: Place): string {
  const free = { ...place, isFree: true };
  return `${sign}{${left ? "~" : ""}${blank(free, " ")}${inner}${blank(free, " ")}${right ? "~" : ""}}`;
}

function marked(part: Exclude<Part, { kind: "text" }>, shape: TemplateShape, place: Place): string {
  const inner: Place = { tape: place.tape, isFree: true, level: anything };
  const body = (parts: readonly Part[]): string =>
    shape === "quoted" ? inQuotes(parts, place) : inLines(parts, shape, place);
  if (part.kind === "value") return mark("$", part.strip, print(part.inner, inner), place);
  if (part.kind === "if") {
    const [first, middle, last] = part.strips;
    const no = part.no === undefined ? "" : mark("%", middle, "else", place) + body(part.no);
    const test = `if ${print(part.test, inner)}`;
    return mark("%", first, test, place) + body(part.yes) + no + mark("%", last, "endif", place);
  }
  const names = part.keyName === undefined ? part.valueName : `${part.keyName}, ${part.valueName}`;
  const head = `for ${names} in ${print(part.collection, inner)}`;
  return (
    mark("%", part.strips[0], head, place) +
    body(part.body) +
    mark("%", part.strips[1], "endfor", place)
  );
}

const inQuotes = (parts: readonly Part[], place: Place): string =>
  parts
    .map((part) =>
      part.kind === "text" ? escaped(part.text, place.tape) : marked(part, "quoted", place),
    )
    .join("");

const named: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

/** Characters by their names or numbers. A sign that could open a mark is written by its number. */
function escaped(text: string, tape: Tape): string {
  return text.replaceAll(/[$%](?=[${%]|$)|[\n\r\t"\\]|\P{ASCII}/gu, (letter, at: number) => {
    const isMark = text[at + 1] === "{" && !/[$%]/.test(text[at - 1] ?? "");
    if (isMark && /[$%]/.test(letter) && tape.below(2) === 0) return letter + letter;
    if (letter === "\t" && tape.below(2) === 0) return letter;
    if (letter in named) return named[letter] ?? "";
    if (letter !== "$" && letter !== "%" && tape.below(2) === 0) return letter;
    const code = (letter.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 || tape.below(3) === 2
      ? `\\U${code.padStart(8, "0")}`
      : `\\u${code.padStart(4, "0")}`;
  });
}

const inLines = (parts: readonly Part[], shape: TemplateShape, place: Place): string =>
  parts.map((part) => (part.kind === "text" ? part.text : marked(part, shape, place))).join("");

function heredoc(tree: Extract<Tree, { kind: "template" }>, place: Place): string {
  const content = inLines(tree.parts, tree.shape, place);
  let marker = "EOT";
  while (content.includes(marker)) marker += "T";
  const indent = tree.shape === "indented" || place.tape.below(3) === 2 ? "  " : "";
  return `<<${tree.shape === "indented" ? "-" : ""}${marker}\n${content}${indent}${marker}\n`;
}
