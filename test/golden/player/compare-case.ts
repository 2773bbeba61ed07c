import { type Family, familyFaults, framesOf } from "./frames.ts";
import { Binding, differences, type PartialCompare, shapeDifferences } from "./match.ts";
import { type AllocationNames, ordered } from "./order.ts";
import type { ApiCase } from "./play-api.ts";

export function headerFaults(
  one: ApiCase,
  given: { readonly [name: string]: string },
): readonly string[] {
  return Object.entries(one.headers)
    .filter(([name]) => !["content-encoding", "connection"].includes(name.toLowerCase()))
    .flatMap(([name, wanted]) => {
      const value = given[name.toLowerCase()];
      return value !== undefined && differences(wanted, value, new Binding()).length === 0
        ? []
        : [`header ${name}: ${value ?? "missing"}, wanted ${wanted}`];
    });
}

export function partialOf(note: string | undefined): PartialCompare {
  if (note?.startsWith("only the keys shown") === true) return "all";
  return note?.startsWith("of Attributes only") === true ? "attributes" : "none";
}

export function bodyFaults(
  one: ApiCase,
  text: string,
  { binding, allocations }: { readonly binding: Binding; readonly allocations: AllocationNames },
): readonly string[] {
  if (one.body === undefined)
    return text === (one.rawBody ?? text)
      ? []
      : [`body ${text.slice(0, 80)}, wanted ${one.rawBody}`];
  const { text: plain, frames, families } = special(one.body);
  if (plain !== undefined) return describe(differences(plain, jsonText(text), binding));
  if (frames !== undefined) return describe(differences(frames, framesOf(text), binding));
  if (families !== undefined) return familyFaults(families, text);
  const actual = ordered(JSON.parse(text), one, allocations);
  if (one.compare !== undefined) return describe(shapeDifferences(one.body, actual, one.compare));
  return describe(differences(one.body, actual, binding));
}

interface SpecialBody {
  readonly text?: string;
  readonly frames?: readonly unknown[];
  readonly families?: readonly Family[];
}
/** A body that is not the JSON of the answer but tells what to find in it. */
function special(body: unknown): SpecialBody {
  if (typeof body !== "object" || body === null) return {};
  const { text, frames, families } = body as SpecialBody;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(Array.isArray(frames) ? { frames } : {}),
    ...(Array.isArray(families) ? { families } : {}),
  };
}

/** A recorded text may stand for a JSON string. */
const jsonText = (text: string): string => (/^"[^"]*"$/.test(text) ? text.slice(1, -1) : text);

const describe = (
  found: readonly { readonly path: string; readonly expected: unknown; readonly actual: unknown }[],
): readonly string[] =>
  found.map(({ path, expected, actual }) => `${path}: ${short(actual)}, wanted ${short(expected)}`);

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 100);
