import { parseCron, type CronLine, type DayRule } from "./cron.ts";
import { assertNever } from "./errors.ts";

/**
 * When any of the lines comes next after an instant, on the clocks of a time zone; undefined when never. A time that
 * the clocks leave out in spring does not come on that day, and one that they show twice in autumn comes twice.
 * Lines that cannot be read never come.
 */
export function nextCronMs(
  lines: readonly string[],
  zone: string,
  afterMs: number,
): number | undefined {
  const offset = zoneOffset(zone);
  const found = lines
    .map((line) => parseCron(line))
    .flatMap((parsed) => (parsed.ok ? [nextInZone(parsed.line, offset, afterMs)] : []))
    .filter((at) => at !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** What the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export type ZoneOffset = (atMs: number) => number;

/** Empty is UTC, `Local` the clock of this machine. Throws a RangeError when there is no such zone. */
export function zoneOffset(zone: string): ZoneOffset {
  if (zone === "" || zone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", {
    ...(zone === "Local" ? {} : { timeZone: zone }),
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const wall = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return wall - Math.floor(atMs / 1000) * 1000;
  };
}

const hourMs = 3_600_000;
/** No clock is set back by more than this, so a wall time cannot be seen again later than this. */
const reachMs = 26 * hourMs;

function nextInZone(line: CronLine, offset: ZoneOffset, afterMs: number): number | undefined {
  let at = (Math.floor(afterMs / 1000) + 1) * 1000;
  for (;;) {
    const here = offset(at);
    const wall = nextOnClock(line, at + here);
    const target = wall === undefined ? Infinity : wall - here;
    const change = nextChange(offset, at, Math.min(target, at + reachMs));
    // Before the clocks change nothing matches; from there on they show something else.
    if (change !== undefined) at = change;
    else if (target <= at + reachMs) return target;
    else if (wall === undefined) return undefined;
    // Later changes only show again what was looked through, until shortly before the target.
    else at = Math.max(at + reachMs, target - reachMs);
  }
}

/** The first second in (from, to] whose offset is another one. Two changes within a day are not told apart. */
function nextChange(offset: ZoneOffset, from: number, to: number): number | undefined {
  const before = offset(from);
  if (to <= from || offset(to) === before) return undefined;
  let [same, other] = [from / 1000, to / 1000];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offset(middle * 1000) === before) same = middle;
    else other = middle;
  }
  return other * 1000;
}

/** The first time of a line that is not before a time, both as a clock without a zone shows them. */
function nextOnClock(line: CronLine, fromMs: number): number | undefined {
  const from = new Date(fromMs);
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate()];
  for (const y of [...line.years].filter((one) => one >= year)) {
    for (const m of line.months) {
      if (y === year && m < month) continue;
      for (const d of daysOf(line.days, y, m)) {
        const isToday = y === year && m === month && d === day;
        if (y === year && m === month && d < day) continue;
        const time = isToday ? timeFrom(line, from) : timeFrom(line, new Date(0));
        if (time !== undefined) return Date.UTC(y, m - 1, d) + time;
      }
    }
  }
  return undefined;
}

/** Milliseconds since midnight of the first time that is not before the clock's. */
function timeFrom(line: CronLine, clock: Date): number | undefined {
  const [hour, minute, second] = [
    clock.getUTCHours(),
    clock.getUTCMinutes(),
    clock.getUTCSeconds(),
  ];
  for (const h of line.hours) {
    if (h < hour) continue;
    for (const m of line.minutes) {
      if (h === hour && m < minute) continue;
      const s = line.seconds.find((one) => h > hour || m > minute || one >= second);
      if (s !== undefined) return ((h * 60 + m) * 60 + s) * 1000;
    }
  }
  return undefined;
}

function daysOf(rules: readonly DayRule[], year: number, month: number): readonly number[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const weekdayOf = (day: number): number => (first + day - 1) % 7;
  const all = Array.from({ length }, (_, at) => at + 1);
  const days = rules.flatMap((rule) => all.filter((day) => names(rule, day, length, weekdayOf)));
  return [...new Set(days)].toSorted((a, b) => a - b);
}

function names(
  rule: DayRule,
  day: number,
  length: number,
  weekdayOf: (day: number) => number,
): boolean {
  switch (rule.kind) {
    case "every":
      return true;
    case "days":
      return rule.days.includes(day);
    case "fromEnd":
      return day === length - rule.before;
    case "workday":
      return day === nearestWorkday(rule.day ?? length, length, weekdayOf);
    case "weekdays":
      return rule.weekdays.includes(weekdayOf(day));
    case "nth":
      return weekdayOf(day) === rule.weekday && Math.ceil(day / 7) === rule.nth;
    case "last":
      return weekdayOf(day) === rule.weekday && day > length - 7;
    default:
      return assertNever(rule);
  }
}

/** Saturday goes back and Sunday goes on, but never into another month; undefined when the month has no such day. */
function nearestWorkday(
  day: number,
  length: number,
  weekdayOf: (day: number) => number,
): number | undefined {
  if (day > length) return undefined;
  const weekday = weekdayOf(day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}
