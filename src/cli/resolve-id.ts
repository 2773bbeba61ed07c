import { CommandFailure, messageOf, type CommandContext } from "./command.ts";

export interface IdKind<Stub> {
  /** `/v1/allocations`. */
  readonly path: string;
  /** In front of a failure: `Error querying allocation`. */
  readonly failure: string;
  readonly tooShort?: string;
  readonly noneFound: (id: string) => string;
  /** `Prefix matched multiple allocations`. */
  readonly manyFound: string;
  readonly table: (stubs: readonly Stub[]) => string;
}

/**
 * Finds the one thing whose id begins with a text. At least two characters; hex digits go in pairs, so an odd one is
 * dropped. Several matches are shown as a table and end the command.
 */
export async function resolveId<Stub extends { readonly ID: string }>(
  context: CommandContext,
  kind: IdKind<Stub>,
  id: string,
): Promise<Stub> {
  if (id.length === 1)
    throw new CommandFailure(kind.tooShort ?? "Identifier must contain at least two characters.");
  const prefix = evenPrefix(id);
  let stubs: readonly Stub[];
  try {
    const answer = await context.client.get<readonly Stub[] | null>(kind.path, { prefix });
    stubs = answer.value ?? [];
  } catch (thrown) {
    throw new CommandFailure(`${kind.failure}: ${messageOf(thrown)}`, undefined, thrown);
  }
  const exact = stubs.find((stub) => stub.ID === id);
  const [first] = stubs;
  if (exact) return exact;
  if (!first) throw new CommandFailure(kind.noneFound(id));
  if (stubs.length > 1) throw new AmbiguousId(`${kind.manyFound}\n\n${kind.table(stubs)}`);
  return first;
}

/** Several things begin with the text. Most commands treat it as any failure. */
export class AmbiguousId extends CommandFailure {}

/** A prefix of a UUID with whole bytes only: the server wants pairs of hex digits. */
export function evenPrefix(id: string): string {
  const digits = id.replaceAll("-", "").length;
  return digits % 2 === 0 || id.length === 36 ? id : id.slice(0, -1);
}
