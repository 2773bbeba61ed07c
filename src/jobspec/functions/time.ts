import { parseDuration } from "../../lib/duration.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textValue } from "../core/hcl/value.ts";
import type { TypeSpec } from "../core/hcl/value-types.ts";
import { perPart, steps } from "./work.ts";
import { textOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };

/** Times as text in RFC 3339 form. None of these looks at a clock. */
export const timeFunctions: Readonly<Record<string, LanguageFunction>> = {
  timeadd: {
    params: [string, string],
    work: steps(10),
    call: ([time, duration]) => textValue(added(textOf(time), textOf(duration, 1))),
  },
  formatdate: {
    params: [string, string],
    work: perPart(16, 10),
    call: ([pattern, time]) => textValue(formatted(textOf(pattern), readTime(textOf(time, 1), 1))),
  },
};

interface ZonedTime {
  /** Nanoseconds since 1970, as if the wall clock of the zone showed UTC. */
  readonly wallNs: bigint;
  readonly wall: Date;
  /** `+02:00`, or `Z` for none. */
  readonly zone: string;
}

function readTime(text: string, at: number): ZonedTime {
  const bad = (): CallFault =>
    new CallFault(`${JSON.stringify(text)} is no time in RFC 3339 form`, at);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const [, written = "", fraction = "", zone = ""] = match ?? [];
  const wall = new Date(`${written}Z`);
  // A date such as the 30th of February reads as another one.
  if (Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(written)) throw bad();
  const [hours = 0, minutes = 0] = zone === "Z" ? [] : zone.slice(1).split(":").map(Number);
  if (hours > 24 || minutes > 60) throw bad();
  const wallNs = BigInt(wall.getTime()) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return { wallNs, wall, zone: hours === 0 && minutes === 0 ? "Z" : zone };
}

/** Keeps the offset of the time; what is less than a second is left out. */
function added(time: string, duration: string): string {
  const { wallNs, zone } = readTime(time, 0);
  const length = parseDuration(duration);
  if (length === undefined) throw new CallFault(`${JSON.stringify(duration)} is no duration`, 1);
  const sum = wallNs + BigInt(length);
  const perMs = 1_000_000n;
  const down = ((sum % perMs) + perMs) % perMs;
  const wall = new Date(Number((sum - down) / perMs));
  const year = wall.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999)
    throw new CallFault("the sum lies outside of the years that can be written", 1);
  return `${wall.toISOString().slice(0, 19)}${zone}`;
}

const months =
  "January February March April May June July August September October November December".split(
    " ",
  );
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function formatted(pattern: string, time: ZonedTime): string {
  let out = "";
  const piece = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/y;
  while (piece.lastIndex < pattern.length) {
    const found = piece.exec(pattern);
    if (!found) throw new CallFault("a literal in quotes is not ended", 0);
    const [all, quoted] = found;
    if (quoted !== undefined) out += quoted.replaceAll("''", "'");
    else out += found[2] === undefined ? all : verbText(all, time);
  }
  return out;
}

function verbText(verb: string, time: ZonedTime): string {
  const [date, clock] = [dateVerb(verb, time.wall), clockVerb(verb, time)];
  const text = date ?? clock;
  if (text !== undefined) return text;
  const known = "YY YYYY M MM MMM MMMM D DD EEE EEEE h hh H HH AA aa m mm s ss Z ZZZ ZZZZ ZZZZZ";
  throw new CallFault(
    `${JSON.stringify(verb)} is no part of a date; these are: ${known}. Other letters stand in single quotes`,
    0,
  );
}

function dateVerb(verb: string, wall: Date): string | undefined {
  const year = wall.getUTCFullYear();
  const [month, day] = [wall.getUTCMonth(), wall.getUTCDate()];
  const [monthName = "", dayName = ""] = [months[month], days[wall.getUTCDay()]];
  const texts: Readonly<Record<string, string>> = {
    YYYY: String(year).padStart(4, "0"),
    YY: two(year % 100),
    MMMM: monthName,
    MMM: monthName.slice(0, 3),
    MM: two(month + 1),
    M: String(month + 1),
    DD: two(day),
    D: String(day),
    EEEE: dayName,
    EEE: dayName.slice(0, 3),
  };
  return texts[verb];
}

function clockVerb(verb: string, { wall, zone }: ZonedTime): string | undefined {
  const [hour, minute, second] = [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()];
  const half = hour % 12 === 0 ? 12 : hour % 12;
  const offset = zone === "Z" ? "+00:00" : zone;
  const texts: Readonly<Record<string, string>> = {
    hh: two(hour),
    h: String(hour),
    HH: two(half),
    H: String(half),
    AA: hour < 12 ? "AM" : "PM",
    aa: hour < 12 ? "am" : "pm",
    mm: two(minute),
    m: String(minute),
    ss: two(second),
    s: String(second),
    ZZZZZ: offset,
    ZZZZ: offset.replace(":", ""),
    ZZZ: zone === "Z" ? "UTC" : offset.replace(":", ""),
    Z: zone,
  };
  return texts[verb];
}

const two = (number: number): string => String(number).padStart(2, "0");
