import { RE2JS } from "re2js";

/** Does the pattern match somewhere in the text, in linear time? undefined when the pattern is none. */
export function linearSearch(pattern: string, text: string): boolean | undefined {
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    // The library throws on a pattern that it cannot read, and on nothing else.
    return undefined;
  }
}
