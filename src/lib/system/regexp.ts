import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

/** A pattern that takes linear time on every text. */
export interface LinearPattern {
  /** Does it match somewhere in the text? */
  find(text: string): boolean;
  /** Every match from left to right, none within another. */
  matches(text: string): Iterable<LinearMatch>;
}

export interface LinearMatch {
  readonly start: number;
  readonly end: number;
  /** What a group matched; undefined for one that took no part or is not there. */
  readonly group: (name: string | number) => string | undefined;
}

const require = createRequire(import.meta.url);
let library: typeof RE2JS | undefined;

/** Throws on a pattern that cannot be read. The library is loaded by the first pattern: most commands have none. */
export function linearPattern(pattern: string): LinearPattern {
  library ??= (require("re2js") as { readonly RE2JS: typeof RE2JS }).RE2JS;
  const compiled = library.compile(pattern);
  return {
    find: (text) => compiled.matcher(text).find(),
    matches: (text) => matchesOf(compiled, text),
  };
}

function* matchesOf(compiled: RE2JS, text: string): Generator<LinearMatch> {
  const matcher = compiled.matcher(text);
  const names = Object.entries(compiled.namedGroups());
  while (matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at));
    const named = new Map<string | number, string | null>([
      ...groups.entries(),
      ...names.map(([name, at]): [string, string | null] => [name, groups[at] ?? null]),
    ]);
    const group = (name: string | number): string | undefined => named.get(name) ?? undefined;
    yield { start: matcher.start(), end: matcher.end(), group };
  }
}

/** Does the pattern match somewhere in the text? undefined when the pattern is none. */
export function linearSearch(pattern: string, text: string): boolean | undefined {
  try {
    return linearPattern(pattern).find(text);
  } catch {
    // The library throws on a pattern that it cannot read, and on nothing else.
    return undefined;
  }
}
