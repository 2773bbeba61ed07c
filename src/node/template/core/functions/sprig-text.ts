import { between, exactly, scanFunction, textFunction } from "../call.ts";
import type { Calling, FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { quote } from "../quote.ts";
import { compareText } from "../value.ts";
import type { Value } from "../value.ts";
import { toCount, toText, toTexts } from "./cast.ts";
import {
  countOf,
  indentText,
  joinTexts,
  patternOf,
  replacePattern,
  replaceText,
  splitText,
  stepsPerMatch,
  titleCase,
  trimAll,
  withoutPrefix,
  withoutSuffix,
} from "./text.ts";

/** The text functions of the sprig collection; the text comes last. */
export const sprigTextFunctions: FunctionTable = {
  trim: textFunction((text) => text.trim()),
  trimAll: withText((text, cut) => trimAll(text, cut)),
  trimPrefix: withText(withoutPrefix),
  trimSuffix: withText(withoutSuffix),
  upper: textFunction((text) => text.toUpperCase()),
  lower: textFunction((text) => text.toLowerCase()),
  title: scanFunction((text) => titleCase(text)),
  untitle: scanFunction((text) =>
    text.replaceAll(/(?<![^\s])\S/gu, (letter) => letter.toLowerCase()),
  ),
  nospace: scanFunction((text) => text.replaceAll(/\s/gu, "")),
  repeat: exactly(2, (given, { budget }) => {
    const [count, text] = [Math.max(toCount(given.any(0)), 0), given.text(1)];
    budget.produce(count * text.length);
    return text.repeat(count);
  }),
  substr: exactly(3, (given, calling) => {
    const [start, end] = [toCount(given.any(0)), toCount(given.any(1))];
    return part(given.text(2), Math.max(start, 0), end < 0 ? undefined : end, calling);
  }),
  trunc: exactly(2, (given, calling) => {
    const [count, text] = [toCount(given.any(0)), given.text(1)];
    return count < 0 ? part(text, count, undefined, calling) : part(text, 0, count, calling);
  }),
  abbrev: exactly(2, (given, calling) => {
    const [width, text] = [toCount(given.any(0)), given.text(1)];
    if (width < 4 || text.length <= width) return text;
    return `${part(text, 0, width - 3, calling)}...`;
  }),
  hasPrefix: exactly(2, (given) => given.text(1).startsWith(given.text(0))),
  hasSuffix: exactly(2, (given) => given.text(1).endsWith(given.text(0))),
  contains: exactly(2, (given, { budget }) => {
    budget.read(given.text(1).length);
    return given.text(1).includes(given.text(0));
  }),
  quote: between(0, Infinity, (given, { budget }) =>
    spaced(given.all, budget, (text) => quote(text)),
  ),
  squote: between(0, Infinity, (given, { budget }) =>
    spaced(given.all, budget, (text) => `'${text}'`),
  ),
  cat: between(0, Infinity, (given, { budget }) => spaced(given.all, budget, (text) => text)),
  indent: exactly(2, (given, calling) => indented(given.any(0), given.text(1), calling)),
  nindent: exactly(2, (given, calling) => `\n${indented(given.any(0), given.text(1), calling)}`),
  replace: exactly(3, (given, { budget }) =>
    replaceText(given.text(2), given.text(0), { to: given.text(1), budget }),
  ),
  plural: exactly(3, (given) => (toCount(given.any(2)) === 1 ? given.text(0) : given.text(1))),
  snakecase: scanFunction((text) => words(text).join("_").toLowerCase()),
  kebabcase: scanFunction((text) => words(text).join("-").toLowerCase()),
  camelcase: scanFunction((text) =>
    text
      .split(/[-_\s]+/u)
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join(""),
  ),
  toString: exactly(1, (given, { budget }) => toText(given.any(0), budget)),
  toStrings: exactly(1, (given, { budget }) => toTexts(given.any(0), budget)),
  join: exactly(2, (given, { budget }) =>
    joinTexts(
      Array.isArray(given.any(1)) ? toTexts(given.any(1), budget) : [toText(given.any(1), budget)],
      given.text(0),
      budget,
    ),
  ),
  splitList: exactly(2, (given, { budget }) =>
    given.text(1) === "" ? [""] : splitText(given.text(1), given.text(0), budget),
  ),
  sortAlpha: exactly(1, (given, { budget }) => {
    const texts = [...toTexts(given.any(0), budget)];
    return texts.sort((a, b) => {
      budget.read(Math.min(a.length, b.length) * 4);
      return compareText(a, b);
    });
  }),
  regexMatch: exactly(2, (given, calling) =>
    patternOf(given.text(0), given.text(1), calling).find(given.text(1)),
  ),
  regexFind: exactly(2, (given, calling) => {
    for (const { start, end } of patternOf(given.text(0), given.text(1), calling).matches(
      given.text(1),
    ))
      return part(given.text(1), start, end, calling);
    return "";
  }),
  regexFindAll: exactly(3, (given, calling) => {
    const most = toCount(given.any(2));
    const found: Value[] = [];
    for (const { start, end } of patternOf(given.text(0), given.text(1), calling).matches(
      given.text(1),
    )) {
      if (most >= 0 && found.length >= most) break;
      calling.budget.spend(stepsPerMatch);
      found.push(part(given.text(1), start, end, calling));
    }
    return found;
  }),
  regexReplaceAll: exactly(3, (given, calling) =>
    replacePattern(given.text(1), given.text(0), { to: given.text(2), calling }),
  ),
  regexReplaceAllLiteral: exactly(3, (given, calling) =>
    replacePattern(given.text(1), given.text(0), { to: given.text(2), calling, isLiteral: true }),
  ),
  regexSplit: exactly(3, (given, calling) =>
    splitPattern(given.text(1), given.text(0), toCount(given.any(2)), calling),
  ),
  regexQuoteMeta: scanFunction((text) => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
  fail: exactly(1, (given) => {
    throw new CallFault(given.text(0));
  }),
};

function withText(make: (text: string, part: string) => string): TemplateFunction {
  return exactly(2, (given, { budget }) => {
    const text = given.text(1);
    budget.scan(text.length);
    const made = make(text, given.text(0));
    budget.produce(made.length);
    return made;
  });
}

function part(text: string, start: number, end: number | undefined, { budget }: Calling): string {
  const made = text.slice(start, end);
  budget.produce(made.length);
  return made;
}

/** Nothing is left out, not even its space. */
function spaced(
  values: readonly Value[],
  budget: Calling["budget"],
  mark: (text: string) => string,
): string {
  const texts = values
    .filter((value) => value !== undefined)
    .map((value) => {
      const text = toText(value, budget);
      budget.scan(text.length);
      return mark(text);
    });
  return joinTexts(texts, " ", budget);
}

/** Empty lines get their margin too, unlike with the plain `indent`. */
function indented(spaces: Value, text: string, { budget }: Calling): string {
  const margin = Math.max(toCount(spaces), 0);
  budget.read(text.length);
  const lines = countOf(text, "\n") + 1;
  budget.spend(lines);
  budget.produce(text.length + lines * margin);
  return text
    .split("\n")
    .map((line) => (line === "" ? " ".repeat(margin) : indentText(line, margin, budget)))
    .join("\n");
}

const words = (text: string): readonly string[] =>
  text
    .replaceAll(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[-_\s]+/u)
    .filter((word) => word !== "");

function splitPattern(text: string, source: string, most: number, calling: Calling): Value {
  if (most === 0) return [];
  const parts: Value[] = [];
  let done = 0;
  for (const { start, end } of patternOf(source, text, calling).matches(text)) {
    calling.budget.spend(stepsPerMatch);
    if (most > 0 && parts.length >= most - 1) break;
    // An empty match at either end parts nothing.
    if (end === start && (start === 0 || start === text.length)) continue;
    parts.push(part(text, done, start, calling));
    done = end;
  }
  parts.push(part(text, done, undefined, calling));
  return parts;
}
