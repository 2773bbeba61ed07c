/** Only the form of a cron line: fields, ranges and names. When it runs next is decided elsewhere. */
const nicknames = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const monthNames = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
].concat(["september", "october", "november", "december"]);
const dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly (readonly string[])[];
  readonly special: RegExp | undefined;
}
const field = (
  name: string,
  min: number,
  max: number,
  extra: { readonly words?: readonly (readonly string[])[]; readonly special?: RegExp } = {},
): CronField => ({ name, min, max, words: extra.words ?? [], special: extra.special });

const second = field("second", 0, 59);
const year = field("year", 1970, 2099);
const middle = [
  field("minute", 0, 59),
  field("hour", 0, 23),
  field("day of month", 1, 31, { special: /^(l|lw|l-\d{1,2}|\d{1,2}w|w\d{1,2})$/ }),
  field("month", 1, 12, { words: [months, monthNames] }),
  field("day of week", 0, 7, {
    words: [days, dayNames],
    special: /^([0-7a-z]+#[1-5]|[0-7a-z]*l)$/,
  }),
];

/** Says what is wrong with the form of a cron line; undefined when it is sound. */
export function cronFault(spec: string): string | undefined {
  const text = spec.trim().toLowerCase();
  if (text.startsWith("@"))
    return nicknames.includes(text) ? undefined : `unknown nickname ${JSON.stringify(spec)}`;
  const parts = text.split(/\s+/);
  const fields = fieldsOf(parts.length);
  if (fields === undefined) return "missing field(s)";
  for (const [at, cronField] of fields.entries()) {
    const part = parts[at] ?? "";
    if (!part.split(",").every((item) => isItem(item, cronField)))
      return `syntax error in ${cronField.name} field: '${part}'`;
  }
  return undefined;
}

/** Five fields start at the minute, six carry a year at the end, seven also seconds at the start. */
function fieldsOf(count: number): readonly CronField[] | undefined {
  if (count === 5) return middle;
  if (count === 6) return [...middle, year];
  return count === 7 ? [second, ...middle, year] : undefined;
}

function isItem(item: string, cronField: CronField): boolean {
  if (cronField.special?.test(item)) return true;
  const [range = "", step, ...rest] = item.split("/");
  if (rest.length > 0 || (step !== undefined && !isStep(step))) return false;
  if (range === "*" || range === "?") return true;
  const ends = range.split("-").map((end) => valueOf(end, cronField));
  if (ends.length > 2) return false;
  return ends.every((end) => end !== undefined && end >= cronField.min && end <= cronField.max);
}

const isStep = (step: string): boolean => /^\d{1,4}$/.test(step) && Number(step) > 0;

function valueOf(text: string, cronField: CronField): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  for (const words of cronField.words) {
    const at = words.indexOf(text);
    if (at >= 0) return at + cronField.min;
  }
  return undefined;
}
