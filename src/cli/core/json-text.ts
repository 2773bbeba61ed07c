import { byText } from "./values.ts";

/** JSON as the commands print it: keys in alphabetical order at every depth, four blanks, nothing escaped for HTML. */
export const sortedJson = (value: unknown): string => write(value, "");

// Written by hand because an object of JavaScript puts keys that look like numbers first, whatever their order.
function write(value: unknown, indent: string): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + write(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => byText(a, b));
  if (entries.length === 0) return "{}";
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${write(item, inner)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
