import { byText, sortedEntries } from "./values.ts";

export type IdentifierMatch =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly context: string; readonly id: string }
  | { readonly kind: "many"; readonly text: string };

/** What a search for an identifier found: an exact id wins, then the only match; otherwise all of them are listed. */
export function matchIdentifier(
  word: string,
  matches: { readonly [context: string]: readonly string[] | null },
): IdentifierMatch {
  const found = sortedEntries(matches).flatMap(([context, ids]) =>
    (ids ?? []).map((id) => ({ context, id })),
  );
  const exact = found.filter((match) => match.id === word);
  const [only] = exact.length === 1 ? exact : found;
  if (!only) return { kind: "none" };
  if (exact.length === 1 || found.length === 1) return { kind: "one", ...only };
  const contexts = [...new Set(found.map((match) => match.context))].sort(byText);
  const lists = contexts.map((context) => {
    const ids = found.filter((match) => match.context === context).map((match) => match.id);
    return `${context.charAt(0).toUpperCase()}${context.slice(1)}:\n${ids.join(", ")}`;
  });
  return {
    kind: "many",
    text: `Multiple matches found for id ${JSON.stringify(word)}\n\n${lists.join("\n\n")}`,
  };
}
