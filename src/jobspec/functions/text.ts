import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { errorText } from "../../lib/errors.ts";
import { graphemeCount, graphemesOf } from "../../lib/graphemes.ts";
import { mostItems } from "../core/hcl/limits.ts";
import { textType } from "../core/hcl/types.ts";
import { listValue, numberValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { linearPattern } from "../../lib/system/regexp.ts";
import type { LinearPattern } from "../../lib/system/regexp.ts";
import { graphemeUnits, perPart, step } from "./work.ts";
import { itemsOf, textOf, wholeOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const texts: TypeSpec = { kind: "list", of: string };

/** A function of one text. */
const mapText = (
  change: (text: string) => string,
  work: NonNullable<LanguageFunction["work"]> = perPart(8),
): LanguageFunction => ({
  params: [string],
  work,
  call: ([text]) => textValue(change(textOf(text))),
});
const mapTwo = (change: (text: string, other: string) => string): LanguageFunction => ({
  params: [string, string],
  work: perPart(4),
  call: ([text, other]) => textValue(change(textOf(text), textOf(other, 1))),
});

/** Each character becomes one: sharp s keeps its form, and no character looks at its neighbours. */
const upperText = (text: string): string =>
  Array.from(text, (character) => {
    const [upper = character, more] = Array.from(character.toUpperCase());
    return more === undefined ? upper : character;
  }).join("");
const lowerText = (text: string): string =>
  Array.from(text, (character) => Array.from(character.toLowerCase())[0] ?? character).join("");

const blanks: ReadonlySet<string> = new Set(
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

export const textFunctions: Readonly<Record<string, LanguageFunction>> = {
  chomp: mapText((text) => text.slice(0, lengthWithout(text, "\r\n"))),
  lower: mapText(lowerText),
  upper: mapText(upperText),
  title: mapText(titleText),
  reverse: mapText((text) => graphemesOf(text).reverse().join(""), graphemeUnits),
  strrev: mapText((text) => graphemesOf(text).reverse().join(""), graphemeUnits),
  strlen: {
    params: [string],
    work: graphemeUnits,
    call: ([text]) => numberValue(graphemeCount(textOf(text))),
  },
  substr: {
    params: [string, number, number],
    work: graphemeUnits,
    call: ([text, from, count]) => {
      const all = graphemesOf(textOf(text));
      const offset = wholeOf(from, 1);
      const start = offset < 0 ? Math.max(0, all.length + offset) : offset;
      const length = wholeOf(count, 2);
      return textValue(all.slice(start, length < 0 ? undefined : start + length).join(""));
    },
  },
  trim: mapTwo((text, cutset) => trimWith(text, new Set(cutset))),
  trimprefix: mapTwo((text, prefix) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimsuffix: mapTwo((text, suffix) =>
    suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trimspace: mapText((text) => trimWith(text, blanks)),
  indent: {
    params: [number, string],
    call: ([spaces, text]) => {
      const count = wholeOf(spaces);
      if (count < 0 || count > largest) throw new CallFault("the indent must be 0 or more", 0);
      return textValue(joined(textOf(text, 1).split("\n"), `\n${" ".repeat(count)}`));
    },
  },
  join: {
    params: [string, texts],
    rest: texts,
    call: ([separator, ...lists]) =>
      textValue(
        joined(
          lists.flatMap((list, at) => itemsOf(list, at + 1).map((item) => textOf(item, at + 1))),
          textOf(separator),
        ),
      ),
  },
  split: {
    params: [string, string],
    work: perPart(2),
    call: ([separator, text]) => {
      const parts = splitText(textOf(text, 1), textOf(separator));
      if (parts.length > mostItems)
        throw new CallFault(`more than ${mostItems} parts are not taken`, 1);
      // A piece of a text in normal form is in normal form.
      const items = parts.map((part): Value => ({ type: "string", text: part }));
      return listValue(items, textType);
    },
  },
  replace: {
    params: [string, string, string],
    call: ([text, wanted, by]) =>
      textValue(replaceText(textOf(text), textOf(wanted, 1), textOf(by, 2))),
  },
  regex_replace: {
    params: [string, string, string],
    work: ([text, pattern, by]) => {
      const [length, states] = [textOf(text).length + 1, textOf(pattern, 1).length];
      // Every character may meet every state that the pattern makes, and those are slow; each may be a match.
      return length * (100 + 4 * states + 2 * textOf(by, 2).length) + compilingUnits(pattern);
    },
    call: ([text, pattern, by]) =>
      textValue(replacePattern(textOf(text), textOf(pattern, 1), textOf(by, 2))),
  },
};

/** Making a pattern ready is far more work than using it once. */
function compilingUnits(value: Value | undefined): number {
  const pattern = textOf(value, 1);
  let units = (200 + 10 * pattern.length) * step;
  // Counts are written out, and classes of letters have hundreds of ranges.
  for (const [, from = "", to = ""] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    units += 10 * step * Math.min(1000, Math.max(Number(from), Number(to)));
  for (const found of pattern.matchAll(/\\[pP]|\(\?[^)]*i/g))
    units += (found[0].startsWith("\\") ? 100 : 400) * step;
  return units;
}

/** A letter is raised where a word begins; an apostrophe or a dash ends the word before. */
function titleText(text: string): string {
  let isInside = false;
  return Array.from(text, (character) => {
    const raised = isInside ? character : upperText(character);
    isInside =
      character <= "\x7f" ? /\w/.test(character) : /[\p{L}\p{N}]|\P{White_Space}/u.test(character);
    return raised;
  }).join("");
}

/** What values may grow to; repeated pieces are counted before they are made. */
const largest = 8_000_000;

function joined(parts: readonly string[], separator: string): string {
  let size = separator.length * parts.length;
  for (const part of parts) size += part.length;
  if (size > largest) throw new CallFault("the text grows larger than is allowed");
  return parts.join(separator);
}

/** Without a separator between characters, not between halves of them. */
const splitText = (text: string, separator: string): readonly string[] =>
  separator === "" ? Array.from(text) : text.split(separator);

/** Nothing is found before, between and behind all characters. */
function replaceText(text: string, wanted: string, by: string): string {
  const parts = wanted === "" ? ["", ...Array.from(text), ""] : text.split(wanted);
  return joined(parts, by);
}

function lengthWithout(text: string, ends: string): number {
  let length = text.length;
  while (length > 0 && ends.includes(text[length - 1] ?? "")) length -= 1;
  return length;
}

function trimWith(text: string, cutset: ReadonlySet<string>): string {
  const all = Array.from(text);
  let [start, end] = [0, all.length];
  while (start < end && cutset.has(all[start] ?? "")) start += 1;
  while (end > start && cutset.has(all[end - 1] ?? "")) end -= 1;
  return all.slice(start, end).join("");
}

/** What a pattern is made into takes hundreds of times its own memory. */
const longestPattern = 10_000;

function replacePattern(text: string, pattern: string, by: string): string {
  if (pattern.length > longestPattern) throw new CallFault("the pattern is too long", 1);
  const compiled = compiledPattern(pattern);
  const parts: string[] = [];
  let size = 0;
  let end = 0;
  for (const match of compiled.matches(text)) {
    const piece = text.slice(end, match.start) + expanded(by, match.group);
    size += piece.length;
    if (size > largest) throw new CallFault("the text grows larger than is allowed");
    parts.push(piece);
    end = match.end;
  }
  return parts.join("") + text.slice(end);
}

function compiledPattern(pattern: string): LinearPattern {
  try {
    return linearPattern(pattern);
  } catch (thrown) {
    throw new CallFault(`the pattern cannot be used: ${errorText(thrown)}`, 1);
  }
}

/** `$1`, `$name`, `${name}` and `$$`; the longest name counts, and one that is no group is nothing. */
function expanded(by: string, group: (name: string | number) => string | undefined): string {
  return by.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return "$";
    return group(/^\d+$/.test(name) ? Number(name) : name) ?? "";
  });
}
