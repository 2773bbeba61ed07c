import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

/** A pattern that takes linear time on every text. */
export interface LinearPattern {
  /** Does it match somewhere in the text? */
  find(text: string): boolean;
  replaceAll(text: string, by: string): string;
}

const require = createRequire(import.meta.url);
let library: typeof RE2JS | undefined;

/** Throws on a pattern that cannot be read. The library is loaded by the first pattern: most commands have none. */
export function linearPattern(pattern: string): LinearPattern {
  library ??= (require("re2js") as { readonly RE2JS: typeof RE2JS }).RE2JS;
  const compiled = library.compile(pattern);
  return {
    find: (text) => compiled.matcher(text).find(),
    replaceAll: (text, by) => compiled.matcher(text).replaceAll(by),
  };
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
