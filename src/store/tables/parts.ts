import { finishSteps } from "../../lib/finish-steps.ts";
import { jsonPieces } from "../../lib/json-steps.ts";
import { isSmall } from "../../lib/weigher.ts";
import type { Database } from "../../lib/system/sqlite.ts";

/** Where the text of a large value is: the log entry that brought it, and its place among the large ones of that. */
export interface PartsRef {
  readonly entry: number;
  readonly nth: number;
}

/**
 * Large values of rows, as JSON in pieces beside the row. One row of 5 MB would hold the event loop for the time that
 * it takes to write all of it; its pieces are written one a step, before the transaction that makes them count.
 * Invariants:
 * 1. Nobody sees a piece without a row that refers to it; what was written ahead for nothing is taken away.
 * 2. Which pieces there are follows from the log alone, not from what a server wrote ahead.
 * 3. A value belongs to one entry: what comes in again by another entry is written again.
 */
export interface Parts {
  /** Writes ahead, in the order of `keep`, outside of a transaction; each step writes one piece. */
  ahead(entry: number, value: object): Generator<void, void>;
  /** The value as a row may refer to it; one that is small stays in its row, and as it is. */
  keep<T extends object>(entry: number, value: T): T;
  refOf(value: object): PartsRef | undefined;
  /** What was kept there. */
  load(ref: PartsRef): unknown;
  drop(ref: PartsRef): void;
  /** The entry is applied: takes away what was written ahead for it and not kept. */
  settle(entry: number): void;
  /** The same for what a server wrote ahead before it was ended. */
  dropAfter(entry: number): void;
}

export function openParts(database: Database): Parts {
  const put = database.prepare(
    "INSERT INTO parts (entry, nth, part, text) VALUES (?, ?, ?, ?) ON CONFLICT (entry, nth, part) DO UPDATE SET text = excluded.text",
  );
  const texts = database.prepare(
    "SELECT text FROM parts WHERE entry = ? AND nth = ? ORDER BY part",
  );
  const remove = database.prepare("DELETE FROM parts WHERE entry = ? AND nth = ?");
  const removeAfter = database.prepare("DELETE FROM parts WHERE entry > ?");
  const refs = new WeakMap<object, PartsRef>();
  /** By entry and place. */
  const written = new Map<number, object[]>();
  const kept = new Map<number, number>();
  function* write({ entry, nth }: PartsRef, value: object): Generator<void, void> {
    let part = 0;
    for (const text of jsonPieces(value)) {
      if (text !== "") put.run(entry, nth, part++, text);
      yield;
    }
  }
  const drop = ({ entry, nth }: PartsRef): void => {
    remove.run(entry, nth);
  };
  return {
    *ahead(entry, value) {
      if (isSmall(value)) return;
      const all = written.get(entry) ?? [];
      written.set(entry, all);
      yield* write({ entry, nth: all.push(value) - 1 }, value);
    },
    keep(entry, value) {
      if (isSmall(value)) return value;
      const nth = kept.get(entry) ?? 0;
      kept.set(entry, nth + 1);
      const ref = { entry, nth };
      const before = written.get(entry)?.[nth];
      if (before !== value) {
        if (before !== undefined) drop(ref);
        finishSteps(write(ref, value));
      }
      // Another object than the one that came: that may belong to a row already.
      const own = copyOf(value);
      refs.set(own, ref);
      return own;
    },
    refOf: (value) => refs.get(value),
    load(ref) {
      const rows = texts.all(ref.entry, ref.nth);
      const value: object = JSON.parse(rows.map((row) => String(row["text"])).join(""));
      refs.set(value, ref);
      return value;
    },
    drop,
    settle(entry) {
      const count = written.get(entry)?.length ?? 0;
      for (let nth = kept.get(entry) ?? 0; nth < count; nth++) drop({ entry, nth });
      written.delete(entry);
      kept.delete(entry);
    },
    dropAfter(entry) {
      removeAfter.run(entry);
    },
  };
}

const copyOf = <T extends object>(value: T): T =>
  // A list's copy is a list, and an object's one with the same fields.
  (Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value }) as T;
