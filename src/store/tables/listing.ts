import type { SqlValue } from "../../lib/system/sqlite.ts";
import type { ListQuery } from "../reader.ts";

/** The end of a SELECT and its values. */
export interface Listing {
  readonly rest: string;
  readonly values: readonly SqlValue[];
}

/** Rows with a UUID and a CreateIndex: ordered by both, or by UUID when a prefix is asked for. */
export function listByCreation(query: ListQuery): Listing {
  const parts = new Conditions();
  parts.addNamespace(query);
  if (query.prefix) {
    const prefix = uuidPrefix(query.prefix);
    if (prefix === undefined) return nothing(["id"]);
    parts.addPrefix("id", prefix);
    parts.addFrom(["id"], query.from === undefined ? undefined : [query.from], query);
    return parts.order(["id"], query);
  }
  const from = query.from === undefined ? undefined : creationToken(query.from);
  parts.addFrom(["create_index", "id"], from, query);
  return parts.order(["create_index", "id"], query);
}

export function listByNamespacedId(
  query: ListQuery,
  only?: { readonly column: string; readonly value: SqlValue },
): Listing {
  const parts = new Conditions();
  if (only) parts.addEqual(only.column, only.value);
  parts.addNamespace(query);
  if (query.prefix) parts.addPrefix("id", query.prefix);
  const dot = query.from?.indexOf(".") ?? -1;
  const from =
    query.from === undefined
      ? undefined
      : [query.from.slice(0, Math.max(0, dot)), query.from.slice(dot + 1)];
  parts.addFrom(["namespace", "id"], from, query);
  return parts.order(["namespace", "id"], query);
}

/** `isUuid`: hyphens of the prefix do not count. */
export function listByKey(column: string, query: ListQuery, isUuid = false): Listing {
  const parts = new Conditions();
  if (query.prefix) {
    const prefix = isUuid ? uuidPrefix(query.prefix) : query.prefix;
    if (prefix === undefined) return nothing([column]);
    parts.addPrefix(column, prefix);
  }
  parts.addFrom([column], query.from === undefined ? undefined : [query.from], query);
  return parts.order([column], query);
}

const uuidGroups = [8, 12, 16, 20, 32];

/** Puts the hyphens where UUIDs have them; undefined when it is longer than one. */
function uuidPrefix(text: string): string | undefined {
  const digits = text.replaceAll("-", "").toLowerCase();
  if (digits.length > 32) return undefined;
  const groups = uuidGroups.map((end, at) => digits.slice(uuidGroups[at - 1] ?? 0, end));
  return groups.filter((group) => group !== "").join("-");
}

function creationToken(token: string): readonly SqlValue[] {
  const dot = token.indexOf(".");
  const index = Number(dot < 0 ? token : token.slice(0, dot));
  return [Number.isSafeInteger(index) ? index : 0, dot < 0 ? "" : token.slice(dot + 1)];
}

const nothing = (columns: readonly string[]): Listing => ({
  rest: `WHERE 0 ORDER BY ${columns.join(", ")}`,
  values: [],
});

class Conditions {
  readonly #texts: string[] = [];
  readonly #values: SqlValue[] = [];

  addNamespace(query: ListQuery): void {
    if (query.namespace === undefined || query.namespace === "*") return;
    this.#texts.push("namespace = ?");
    this.#values.push(query.namespace);
  }

  addEqual(column: string, value: SqlValue): void {
    this.#texts.push(`${column} = ?`);
    this.#values.push(value);
  }

  addPrefix(column: string, prefix: string): void {
    this.#texts.push(`${column} >= ? AND ${column} < ?`);
    this.#values.push(prefix, `${prefix}\u{10ffff}`);
  }

  addFrom(
    columns: readonly string[],
    from: readonly SqlValue[] | undefined,
    query: ListQuery,
  ): void {
    if (from === undefined) return;
    const marks = columns.map(() => "?").join(", ");
    this.#texts.push(`(${columns.join(", ")}) ${query.reverse ? "<=" : ">="} (${marks})`);
    this.#values.push(...from);
  }

  order(columns: readonly string[], query: ListQuery): Listing {
    const where = this.#texts.length === 0 ? "" : `WHERE ${this.#texts.join(" AND ")}`;
    const by = columns.map((column) => `${column}${query.reverse ? " DESC" : ""}`).join(", ");
    const limit = query.limit === undefined ? "" : "LIMIT ?";
    return {
      rest: `${where} ORDER BY ${by} ${limit}`.trim(),
      values: query.limit === undefined ? this.#values : [...this.#values, query.limit],
    };
  }
}
