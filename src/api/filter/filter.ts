import { badRequest } from "../errors.ts";

/** A filter expression of the query, compiled. */
export function compileFilter(expression: string): (row: object) => boolean {
  throw badRequest(
    `failed to create result paginator: failed to read filter expression: filters are not built yet: ${expression}`,
  );
}
