/**
 * Lines of cron, as periodic jobs write them. Five fields start at the minute, six carry a year at the end, seven also
 * seconds at the start. A day has to match the day of the month or the day of the week when both are restricted.
 */
export interface CronLine {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: ReadonlySet<number>;
  readonly days: readonly DayRule[];
}
/** The days of a month that a rule names; a line's days are those that any of its rules names. */
export type DayRule =
  | { readonly kind: "every" }
  | { readonly kind: "days"; readonly days: readonly number[] }
  /** So many days before the last one of the month. */
  | { readonly kind: "fromEnd"; readonly before: number }
  /** The weekday that is nearest to a day, in the same month; without a day, the last weekday. */
  | { readonly kind: "workday"; readonly day: number | undefined }
  | { readonly kind: "weekdays"; readonly weekdays: readonly number[] }
  | { readonly kind: "nth"; readonly weekday: number; readonly nth: number }
  | { readonly kind: "last"; readonly weekday: number };

export type ParsedCron =
  | { readonly ok: true; readonly line: CronLine }
  | { readonly ok: false; readonly fault: string };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly (readonly string[])[];
}
const field = (
  name: string,
  range: readonly [number, number],
  words: Field["words"] = [],
): Field => ({ name, min: range[0], max: range[1], words });

const shortened = (words: readonly string[]): readonly string[] =>
  words.map((word) => word.slice(0, 3));
const monthNames = ["january", "february", "march", "april", "may", "june"].concat(
  ["july", "august", "september", "october"],
  ["november", "december"],
);
const dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const second = field("second", [0, 59]);
const minute = field("minute", [0, 59]);
const hour = field("hour", [0, 23]);
const monthDay = field("day of month", [1, 31]);
const month = field("month", [1, 12], [shortened(monthNames), monthNames]);
const weekday = field("day of week", [0, 7], [shortened(dayNames), dayNames]);
const year = field("year", [1970, 2099]);

const nicknames: { readonly [name: string]: string } = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

export function parseCron(spec: string): ParsedCron {
  const text = spec.trim().toLowerCase();
  const named = Object.hasOwn(nicknames, text) ? nicknames[text] : undefined;
  if (text.startsWith("@") && named === undefined)
    return { ok: false, fault: `unknown nickname ${JSON.stringify(spec)}` };
  const parts = (named ?? text).split(/\s+/);
  if (parts.length < 5 || parts.length > 7) return { ok: false, fault: "missing field(s)" };
  const whole = [...(parts.length === 7 ? [] : ["0"]), ...parts, "*"].slice(0, 7);
  try {
    return { ok: true, line: readLine(whole) };
  } catch (thrown) {
    if (!(thrown instanceof CronFault)) throw thrown;
    return { ok: false, fault: thrown.message };
  }
}

class CronFault extends Error {}

function readLine([
  seconds = "",
  minutes = "",
  hours = "",
  monthDays = "",
  months = "",
  weekdays = "",
  years = "",
]: readonly string[]): CronLine {
  // In the order of the fields: the first wrong one is told.
  return {
    seconds: numbersOf(seconds, second),
    minutes: numbersOf(minutes, minute),
    hours: numbersOf(hours, hour),
    ...readDays(monthDays, months, weekdays),
    years: new Set(numbersOf(years, year)),
  };
}

function readDays(
  monthDays: string,
  months: string,
  weekdays: string,
): Pick<CronLine, "days" | "months"> {
  const byMonth = isOpen(monthDays) ? [] : rulesOf(monthDays, monthDay, monthDayRule);
  const read = numbersOf(months, month);
  const byWeek = isOpen(weekdays) ? [] : rulesOf(weekdays, weekday, weekdayRule);
  const rules = [...byMonth, ...byWeek];
  return { months: read, days: rules.length === 0 ? [{ kind: "every" }] : rules };
}

const isOpen = (part: string): boolean => part === "*" || part === "?";

/** Plain days become one rule, however many of them a line lists. */
function rulesOf(
  part: string,
  of: Field,
  special: (item: string) => DayRule | undefined,
): readonly DayRule[] {
  const numbers = new Set<number>();
  const rules = new Map<string, DayRule>();
  for (const item of new Set(part.split(","))) {
    const rule = special(item);
    const plain = rule === undefined ? itemNumbers(item, of) : [];
    if (plain === undefined) throw syntaxFault(part, of);
    if (rule !== undefined) rules.set(JSON.stringify(rule), rule);
    for (const number of plain) numbers.add(of === weekday ? number % 7 : number);
  }
  if (numbers.size === 0) return [...rules.values()];
  const list = [...numbers].toSorted((a, b) => a - b);
  return [
    of === weekday ? { kind: "weekdays", weekdays: list } : { kind: "days", days: list },
    ...rules.values(),
  ];
}

function monthDayRule(item: string): DayRule | undefined {
  if (item === "l") return { kind: "fromEnd", before: 0 };
  if (item === "lw") return { kind: "workday", day: undefined };
  const before = /^l-(\d{1,2})$/.exec(item)?.[1];
  if (before !== undefined && Number(before) < monthDay.max)
    return { kind: "fromEnd", before: Number(before) };
  const match = /^(?:(\d{1,2})w|w(\d{1,2}))$/.exec(item);
  const day = match === null ? undefined : valueOf(match[1] ?? match[2] ?? "", monthDay);
  return day === undefined ? undefined : { kind: "workday", day };
}

function weekdayRule(item: string): DayRule | undefined {
  if (item === "l") return { kind: "weekdays", weekdays: [6] };
  const match = /^([0-9a-z]+?)(?:#([1-5])|l)$/.exec(item);
  const day = match === null ? undefined : valueOf(match[1] ?? "", weekday);
  if (day === undefined) return undefined;
  const nth = match?.[2];
  return nth === undefined
    ? { kind: "last", weekday: day % 7 }
    : { kind: "nth", weekday: day % 7, nth: Number(nth) };
}

function numbersOf(part: string, of: Field): readonly number[] {
  const numbers = new Set<number>();
  for (const item of new Set(part.split(","))) {
    const found = itemNumbers(item, of);
    if (found === undefined) throw syntaxFault(part, of);
    for (const number of found) numbers.add(number);
  }
  return [...numbers].toSorted((a, b) => a - b);
}

const syntaxFault = (part: string, of: Field): CronFault =>
  new CronFault(`syntax error in ${of.name} field: '${part}'`);

/** The numbers of `*`, `5`, `1-5`, `22-2`, each with a step if there is one; undefined when it is none of them. */
function itemNumbers(item: string, of: Field): readonly number[] | undefined {
  const [range = "", stepText, ...rest] = item.split("/");
  const step = stepText === undefined ? 1 : stepOf(stepText);
  if (rest.length > 0 || step === undefined) return undefined;
  // Sunday has two numbers, and one is enough for all days.
  const max = of === weekday ? 6 : of.max;
  if (isOpen(range)) return counted(of.min, max, step);
  const [first, last, ...more] = range.split("-").map((end) => valueOf(end, of));
  if (first === undefined || more.length > 0) return undefined;
  if (!range.includes("-"))
    return stepText === undefined ? [first] : counted(first, Math.max(first, max), step);
  if (last === undefined || (of === year && last < first)) return undefined;
  if (last >= first) return counted(first, last, step);
  // A range that runs backwards goes on after the end: 22-2 is late evening and night.
  const size = max - of.min + 1;
  return counted(first, last + size, step).map((number) => (number > max ? number - size : number));
}

function counted(from: number, to: number, step: number): readonly number[] {
  const numbers: number[] = [];
  for (let number = from; number <= to; number += step) numbers.push(number);
  return numbers;
}

const stepOf = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;

function valueOf(text: string, of: Field): number | undefined {
  if (/^\d{1,4}$/.test(text)) {
    const number = Number(text);
    return number >= of.min && number <= of.max ? number : undefined;
  }
  for (const words of of.words) {
    const at = words.indexOf(text);
    if (at >= 0) return at + of.min;
  }
  return undefined;
}
