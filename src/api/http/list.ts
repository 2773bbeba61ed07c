import type { ListQuery } from "../../store/reader.ts";
import { compileFilter } from "../filter/filter.ts";
import type { Body } from "./answer.ts";
import type { ReadOptions } from "./request.ts";

/** How one kind of list is read, continued and written. */
export interface Listing<Row> {
  readonly fetch: (query: ListQuery) => readonly Row[];
  /** The key of a row, as next_token carries it. */
  readonly token: (row: Row) => string;
  readonly encode: (row: Row) => unknown;
  /** The whole object that a filter looks at; without it the row itself. */
  readonly whole?: (row: Row) => object;
  /** Rows that do not belong, whatever the filter says. */
  readonly keep?: (row: Row) => boolean;
}

/** Rows read at once while a filter looks for those of a page; without one, a page is read at once. */
const filterChunk = 256;

/** One page, or everything when no page was asked for. */
export function listBody<Row extends object>(listing: Listing<Row>, options: ReadOptions): Body {
  const { rows, nextToken } = selectRows(listing, options);
  return { value: rows.map(listing.encode), nextToken };
}

export function selectRows<Row extends object>(
  listing: Listing<Row>,
  options: ReadOptions,
): { readonly rows: readonly Row[]; readonly nextToken: string | undefined } {
  const { perPage, nextToken: from } = options;
  const matches = matcher(listing, options.filter);
  const query: ListQuery = {
    namespace: options.namespace,
    reverse: options.reverse,
    ...(options.prefix === "" ? {} : { prefix: options.prefix }),
    ...(from === "" ? {} : { from }),
  };
  if (perPage === 0) return { rows: listing.fetch(query).filter(matches), nextToken: undefined };
  const isSelective = options.filter !== "" || listing.keep !== undefined;
  const chunk = isSelective ? filterChunk : Math.min(perPage + 1, filterChunk);
  return pageOf(listing, { query, matches, perPage, chunk });
}

function pageOf<Row>(
  listing: Listing<Row>,
  wanted: {
    readonly query: ListQuery;
    readonly matches: (row: Row) => boolean;
    readonly perPage: number;
    readonly chunk: number;
  },
): { readonly rows: readonly Row[]; readonly nextToken: string | undefined } {
  const page: Row[] = [];
  const { chunk } = wanted;
  let from = wanted.query.from;
  for (;;) {
    const rows = listing.fetch({
      ...wanted.query,
      limit: chunk + 1,
      ...(from === undefined ? {} : { from }),
    });
    for (const row of rows.slice(0, chunk)) {
      if (!wanted.matches(row)) continue;
      if (page.length === wanted.perPage) return { rows: page, nextToken: listing.token(row) };
      page.push(row);
    }
    const next = rows[chunk];
    if (next === undefined) return { rows: page, nextToken: undefined };
    from = listing.token(next);
  }
}

function matcher<Row extends object>(listing: Listing<Row>, filter: string): (row: Row) => boolean {
  const keep = listing.keep ?? ((): boolean => true);
  if (filter === "") return keep;
  const matches = compileFilter(filter);
  const whole = listing.whole ?? ((row: Row): object => row);
  return (row) => keep(row) && matches(whole(row));
}
