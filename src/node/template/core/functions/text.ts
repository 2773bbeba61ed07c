import { asText, between, exactly, scanFunction, textFunction } from "../call.ts";
import type { Calling, FunctionTable } from "../call.ts";
import { CallFault } from "../faults.ts";
import { Dictionary } from "../value.ts";
import type { Value } from "../value.ts";

/** Functions on texts. The text comes last, so that it may be piped in. */
export const textFunctions: FunctionTable = {
  toLower: textFunction((text) => text.toLowerCase()),
  toUpper: textFunction((text) => text.toUpperCase()),
  toTitle: scanFunction((text) => titleCase(text)),
  trimSpace: textFunction((text) => text.trim()),
  trim: exactly(2, (given, calling) =>
    counted(given.text(1), calling, (text) => trimAll(text, given.text(0))),
  ),
  trimPrefix: exactly(2, (given, calling) =>
    counted(given.text(1), calling, (text) => withoutPrefix(text, given.text(0))),
  ),
  trimSuffix: exactly(2, (given, calling) =>
    counted(given.text(1), calling, (text) => withoutSuffix(text, given.text(0))),
  ),
  split: exactly(2, (given, { budget }) => splitText(given.text(1).trim(), given.text(0), budget)),
  splitToMap: exactly(3, (given, { budget }) => {
    const entries = new Map<string, Value>();
    for (const pair of splitText(given.text(2), given.text(0), budget)) {
      const at = pair.indexOf(given.text(1));
      if (at < 0) throw new CallFault(`failed to parse ${JSON.stringify(pair)} as a pair`);
      entries.set(pair.slice(0, at), pair.slice(at + given.text(1).length));
    }
    return new Dictionary(entries, { zero: "" });
  }),
  join: exactly(2, (given, { budget }) => joinTexts(given.texts(1), given.text(0), budget)),
  replaceAll: exactly(3, (given, { budget }) =>
    replaceText(given.text(2), given.text(0), { to: given.text(1), budget }),
  ),
  indent: exactly(2, (given, { budget }) => {
    const spaces = given.count32(0);
    if (spaces < 0) throw new CallFault("indent value must be a positive integer");
    return indentText(given.text(1), spaces, budget);
  }),
  regexMatch: exactly(2, ({ all }, calling) => {
    const [source, text] = [asText(all[0]), asText(all[1])];
    return patternOf(source, text, calling).find(text);
  }),
  regexReplaceAll: exactly(3, (given, calling) =>
    replacePattern(given.text(2), given.text(0), { to: given.text(1), calling }),
  ),
  timestamp: between(0, 1, (given, { host }) =>
    timestamp(host.nowMs, given.count > 0 ? given.text(0) : undefined),
  ),
};

function counted(text: string, { budget }: Calling, make: (text: string) => string): string {
  budget.scan(text.length);
  const made = make(text);
  budget.produce(made.length);
  return made;
}

/** The first letter of each word in upper case. */
export const titleCase = (text: string): string =>
  text.replaceAll(/(?<![\p{L}\p{Nd}_])\p{L}/gu, (letter) => letter.toUpperCase());

/** Without any of the characters of `cut` at either end. */
export function trimAll(text: string, cut: string): string {
  const cutting = new Set(cut);
  const characters = Array.from(text);
  let [start, end] = [0, characters.length];
  while (start < end && cutting.has(characters[start] ?? "")) start++;
  while (end > start && cutting.has(characters[end - 1] ?? "")) end--;
  return characters.slice(start, end).join("");
}

export const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;
export const withoutSuffix = (text: string, suffix: string): string =>
  text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;

type Counting = Calling["budget"];

/** An empty text has no parts; an empty separator parts every character. */
export function splitText(text: string, separator: string, budget: Counting): string[] {
  budget.read(text.length);
  if (text === "") return [];
  budget.spend(countOf(text, separator));
  return separator === "" ? Array.from(text) : text.split(separator);
}

/** How often a text is in another: known before a list of that length is made. */
export function countOf(text: string, part: string): number {
  if (part === "") return text.length;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

export function joinTexts(texts: readonly string[], separator: string, budget: Counting): string {
  budget.spend(texts.length);
  budget.produce(
    texts.reduce((sum, text) => sum + text.length, 0) +
      separator.length * Math.max(texts.length - 1, 0),
  );
  return texts.join(separator);
}

export function replaceText(
  text: string,
  from: string,
  { to, budget }: { readonly to: string; readonly budget: Counting },
): string {
  budget.read(text.length);
  const count = countOf(text, from);
  budget.spend(count);
  budget.produce(text.length + count * to.length);
  return from === "" ? ["", ...Array.from(text), ""].join(to) : text.replaceAll(from, () => to);
}

/** Spaces before each line that is not empty. */
export function indentText(text: string, spaces: number, budget: Counting): string {
  budget.read(text.length);
  const count = countOf(text, "\n") + 1;
  budget.spend(count);
  budget.produce(text.length + count * spaces);
  const margin = " ".repeat(spaces);
  return text
    .split("\n")
    .map((line) => (line === "" ? line : margin + line))
    .join("\n");
}

/** A repetition is written out when a pattern is read; only their product says how large it gets. */
function patternWeight(source: string): number {
  const counts = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  return counts.reduce(
    (product, [, least, most]) => product * Math.max(Number(most || least), 1),
    source.length,
  );
}

/** Looks at a character for a part of the pattern; a tenth of a second at the worst. */
const mostLooks = 1_500_000;
const looksPerStep = 40;
/** A match with its groups is made of many small objects. */
export const stepsPerMatch = 15;

/** Matching looks at each character once for each part of the pattern, at the worst; mostly it needs far less. */
export function patternOf(
  source: string,
  text: string,
  { host, budget }: Calling,
): ReturnType<Calling["host"]["pattern"]> {
  const looks = patternWeight(source) * (text.length + 100);
  if (looks > mostLooks)
    throw new CallFault(
      `the pattern is too large for a text of ${text.length} characters: ${source.slice(0, 60)}`,
    );
  budget.spend(50 + Math.ceil(looks / looksPerStep));
  try {
    return host.pattern(source);
  } catch (thrown) {
    throw new CallFault(
      `error parsing regexp: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** In `to`, `$1` and `${name}` stand for groups, and `$$` for a dollar sign. */
export function replacePattern(
  text: string,
  source: string,
  {
    to,
    calling,
    isLiteral = false,
  }: { readonly to: string; readonly calling: Calling; readonly isLiteral?: boolean },
): string {
  const { budget } = calling;
  const pieces: string[] = [];
  let done = 0;
  for (const match of patternOf(source, text, calling).matches(text)) {
    budget.spend(stepsPerMatch);
    const made = isLiteral ? to : expandGroups(to, match.group);
    budget.produce(match.start - done + made.length);
    pieces.push(text.slice(done, match.start), made);
    done = match.end;
  }
  budget.produce(text.length - done);
  return pieces.join("") + text.slice(done);
}

const expandGroups = (to: string, group: (name: string | number) => string | undefined): string =>
  to.replaceAll(
    /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu,
    (_, dollar: string | undefined, bare: string | undefined, braced: string | undefined) => {
      if (dollar !== undefined) return "$";
      const name = bare ?? braced ?? "";
      return group(/^[0-9]+$/.test(name) ? Number(name) : name) ?? "";
    },
  );

const months =
  "January February March April May June July August September October November December".split(
    " ",
  );
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const layoutParts =
  /January|Jan|Monday|Mon|MST|2006|Z07:00|Z0700|-07:00|-0700|-07|01|02|03|04|05|06|002|15|_2|PM|pm|\.0+|\.9+|1|2|3|4|5/g;

/** The time in UTC: RFC 3339, seconds for `unix`, or written as the sample time of the language would be. */
export function timestamp(nowMs: number, layout = "2006-01-02T15:04:05Z07:00"): string {
  if (layout.length > 200) throw new CallFault("the layout is longer than 200 characters");
  if (layout === "unix") return String(Math.floor(nowMs / 1_000));
  const time = new Date(nowMs);
  return layout.replaceAll(layoutParts, (part) => timePart(part, time));
}

function timePart(part: string, time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const month = months[time.getUTCMonth()] ?? "";
  const day = days[time.getUTCDay()] ?? "";
  const hour = time.getUTCHours();
  const parts: Readonly<Record<string, string>> = {
    January: month,
    Jan: month.slice(0, 3),
    Monday: day,
    Mon: day.slice(0, 3),
    MST: "UTC",
    "2006": String(time.getUTCFullYear()),
    "06": two(time.getUTCFullYear() % 100),
    "01": two(time.getUTCMonth() + 1),
    "1": String(time.getUTCMonth() + 1),
    "02": two(time.getUTCDate()),
    _2: String(time.getUTCDate()).padStart(2),
    "2": String(time.getUTCDate()),
    "002": String(dayOfYear(time)).padStart(3, "0"),
    "15": two(hour),
    "03": two(hour % 12 || 12),
    "3": String(hour % 12 || 12),
    "04": two(time.getUTCMinutes()),
    "4": String(time.getUTCMinutes()),
    "05": two(time.getUTCSeconds()),
    "5": String(time.getUTCSeconds()),
    PM: hour < 12 ? "AM" : "PM",
    pm: hour < 12 ? "am" : "pm",
    "Z07:00": "Z",
    Z0700: "Z",
    "-07:00": "+00:00",
    "-0700": "+0000",
    "-07": "+00",
  };
  return parts[part] ?? fraction(part, time.getUTCMilliseconds());
}

function fraction(part: string, milliseconds: number): string {
  const digits = String(milliseconds)
    .padStart(3, "0")
    .padEnd(part.length - 1, "0")
    .slice(0, part.length - 1);
  if (part[1] === "0") return `.${digits}`;
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "" : `.${kept}`;
}

const dayOfYear = (time: Date): number =>
  Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
