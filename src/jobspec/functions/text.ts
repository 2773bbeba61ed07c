import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { graphemeCount, graphemesOf } from "../../lib/graphemes.ts";
import { numberValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec } from "../core/hcl/value-types.ts";
import { linearPattern } from "../../lib/system/regexp.ts";
import { itemsOf, lengthWithout, textOf, wholeOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const texts: TypeSpec = { kind: "list", of: string };

/** A function of one text. */
const mapText = (change: (text: string) => string): LanguageFunction => ({
  params: [string],
  call: ([text]) => textValue(change(textOf(text))),
});
const mapTwo = (change: (text: string, other: string) => string): LanguageFunction => ({
  params: [string, string],
  call: ([text, other]) => textValue(change(textOf(text), textOf(other, 1))),
});

export const textFunctions: Readonly<Record<string, LanguageFunction>> = {
  chomp: mapText((text) => text.slice(0, lengthWithout(text, "\r\n"))),
  lower: mapText((text) => text.toLowerCase()),
  upper: mapText((text) => mapCharacters(text)),
  title: mapText((text) =>
    text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) =>
      before.concat(mapCharacters(letter)),
    ),
  ),
  reverse: mapText((text) => graphemesOf(text).reverse().join("")),
  strrev: mapText((text) => graphemesOf(text).reverse().join("")),
  strlen: { params: [string], call: ([text]) => numberValue(graphemeCount(textOf(text))) },
  substr: {
    params: [string, number, number],
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
  trimspace: mapText((text) => text.trim()),
  indent: {
    params: [number, string],
    call: ([spaces, text]) =>
      textValue(
        textOf(text, 1).replaceAll("\n", `\n${" ".repeat(Math.min(1000, wholeOf(spaces)))}`),
      ),
  },
  join: {
    params: [string, texts],
    rest: texts,
    call: ([separator, ...lists]) =>
      textValue(
        lists
          .flatMap((list, at) => itemsOf(list, at + 1).map((item) => textOf(item, at + 1)))
          .join(textOf(separator)),
      ),
  },
  split: {
    params: [string, string],
    call: ([separator, text]) => ({
      type: "list",
      items: textOf(text, 1).split(textOf(separator)).map(textValue),
    }),
  },
  replace: {
    params: [string, string, string],
    call: ([text, wanted, by]) =>
      textValue(textOf(text).split(textOf(wanted, 1)).join(textOf(by, 2))),
  },
  regex_replace: {
    params: [string, string, string],
    // Every character of the text may meet every state that the pattern makes, and those are slow.
    work: ([text, pattern]) => textOf(text).length * (50 + 4 * textOf(pattern, 1).length),
    call: ([text, pattern, by]) =>
      textValue(replacePattern(textOf(text), textOf(pattern, 1), textOf(by, 2))),
  },
};

/** One character to one character: sharp s keeps its form. */
const mapCharacters = (text: string): string =>
  Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join("");

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
  try {
    return linearPattern(pattern).replaceAll(text, by);
  } catch (thrown) {
    throw new CallFault(`the pattern cannot be used: ${String(thrown)}`, 1);
  }
}
