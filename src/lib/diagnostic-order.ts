import type { Diagnostic } from "./diagnostic.ts";

/** In the order of the text, file by file as they are met; those that have no place come first. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const placeOf = (one: Diagnostic) => (one.start === undefined ? one.about : one);
  const files = new Map<string | undefined, number>([[undefined, 0]]);
  for (const one of diagnostics) {
    const file = placeOf(one)?.file;
    if (!files.has(file)) files.set(file, files.size);
  }
  const keyOf = (one: Diagnostic): readonly number[] => {
    const place = placeOf(one);
    return [files.get(place?.file) ?? 0, place?.start?.line ?? 0, place?.start?.column ?? 0];
  };
  const keyed = diagnostics.map((one) => ({ one, key: keyOf(one) }));
  keyed.sort((a, b) => {
    const at = a.key.findIndex((value, index) => value !== b.key[index]);
    return (a.key[at] ?? 0) - (b.key[at] ?? 0);
  });
  return keyed.map(({ one }) => one);
}
