import type { Breather } from "./breather.ts";
import { jsonPieces } from "./json-steps.ts";
import type { Weigher } from "./weigher.ts";

/**
 * A value as JSON in UTF-8, piece by piece, with others having the event loop in between. undefined when it would be
 * longer than `most` bytes, which is found out before all of it is written.
 */
export async function jsonBytesInSteps(
  value: unknown,
  breather: Breather,
  { most = Infinity, weigher }: { readonly most?: number; readonly weigher?: Weigher } = {},
): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (const piece of jsonPieces(value, weigher)) {
    const bytes = Buffer.from(piece, "utf8");
    pieces.push(bytes);
    length += bytes.length;
    if (length > most) return undefined;
    await breather.breathe();
  }
  return Buffer.concat(pieces, length);
}
