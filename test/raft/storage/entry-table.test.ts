import BetterSqlite3 from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EntryTable } from "../../../src/raft/storage/entry-table.ts";
import type { Entry } from "../../../src/raft/core/types.ts";
import { temporaryFolder } from "../../support/store.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = `${folder.path}/raft.db`;
});
afterEach(() => {
  folder.remove();
});

const entry = (index: number, term = 1, text = `entry ${index}`): Entry => ({
  index,
  term,
  data: Buffer.from(text),
});
const batch = (...entries: readonly Entry[]) => ({
  hardState: undefined,
  truncateFrom: undefined,
  entries,
});
const textsOf = (entries: readonly Entry[]): string[] =>
  entries.map(({ index, term, data }) => `${index}/${term} ${Buffer.from(data).toString()}`);

function withTable<T>(use: (table: EntryTable) => T): T {
  const table = new EntryTable(path);
  try {
    return use(table);
  } finally {
    table.close();
  }
}
function tamper(sql: string): void {
  const database = new BetterSqlite3(path);
  database.exec(sql);
  database.close();
}

test("a new log is empty", () => {
  expect(withTable((table) => table.load())).toEqual({
    hardState: { term: 0, vote: null },
    base: { index: 0, term: 0 },
    runs: [],
    last: { index: 0, term: 0 },
  });
});

test("entries, term and vote are there after reopening", () => {
  withTable((table) => {
    table.append({ ...batch(entry(1), entry(2)), hardState: { term: 4, vote: "a" } });
    table.append(batch(entry(3, 4)));
  });
  const stored = withTable((table) => ({
    ...table.load(),
    texts: textsOf(table.read({ from: 2, to: 9 })),
  }));
  expect(stored).toEqual({
    hardState: { term: 4, vote: "a" },
    base: { index: 0, term: 0 },
    runs: [
      { term: 1, from: 1 },
      { term: 4, from: 3 },
    ],
    last: { index: 3, term: 4 },
    texts: ["2/1 entry 2", "3/4 entry 3"],
  });
});

test("a conflicting suffix is replaced in the same step", () => {
  withTable((table) => {
    table.append(batch(entry(1), entry(2), entry(3)));
    table.append({ ...batch(entry(2, 5, "new")), truncateFrom: 2 });
    expect(textsOf(table.read({ from: 1, to: 9 }))).toEqual(["1/1 entry 1", "2/5 new"]);
  });
  expect(withTable((table) => table.load()).last).toEqual({ index: 2, term: 5 });
});

test("a batch with a gap is refused as a whole", () => {
  withTable((table) => {
    table.append(batch(entry(1)));
    expect(() => {
      table.append({ ...batch(entry(3)), hardState: { term: 9, vote: null } });
    }).toThrow("entry 2 is missing");
    expect(table.load()).toMatchObject({ hardState: { term: 0 }, last: { index: 1 } });
  });
});

test("after compaction the rest still verifies and grows", () => {
  withTable((table) => {
    table.append(batch(entry(1), entry(2), entry(3)));
    table.compact(2);
    table.append(batch(entry(4, 2)));
  });
  withTable((table) => {
    expect(table.load()).toMatchObject({
      base: { index: 2, term: 1 },
      last: { index: 4, term: 2 },
    });
    expect(textsOf(table.read({ from: 3, to: 4 }))).toEqual(["3/1 entry 3", "4/2 entry 4"]);
    expect(() => table.read({ from: 1, to: 4 })).toThrow("entry 0 is missing");
    table.compact(4);
    table.append(batch(entry(5, 2)));
  });
  expect(withTable((table) => table.load()).last).toEqual({ index: 5, term: 2 });
});

describe("damage that SQLite does not notice", () => {
  beforeEach(() => {
    withTable((table) => {
      table.append(batch(...Array.from({ length: 600 }, (_, at) => entry(at + 1))));
    });
  });

  test.each([
    [
      "a changed byte",
      "UPDATE entries SET data = x'00' WHERE idx = 300",
      "entry 300 does not match",
    ],
    ["a changed term", "UPDATE entries SET term = 2 WHERE idx = 300", "entry 300 does not match"],
    [
      "a changed checksum",
      "UPDATE entries SET chain = x'11' WHERE idx = 600",
      "entry 600 does not match",
    ],
    ["a missing entry", "DELETE FROM entries WHERE idx = 300", "entry 300 is missing"],
    [
      "a missing stretch",
      "DELETE FROM entries WHERE idx BETWEEN 200 AND 590",
      "entry 200 is missing",
    ],
    ["a missing beginning", "DELETE FROM entries WHERE idx < 9", "entry 1 is missing"],
    ["a foreign base", "UPDATE hard_state SET base_chain = x'22'", "entry 1 does not match"],
  ])("%s is found on opening", (_, sql, message) => {
    tamper(sql);
    expect(() => withTable((table) => table.load())).toThrow(message);
  });

  test("two entries that changed places are found", () => {
    tamper(
      "UPDATE entries SET idx = 9999 WHERE idx = 10; UPDATE entries SET idx = 10 WHERE idx = 11;",
    );
    tamper("UPDATE entries SET idx = 11 WHERE idx = 9999");
    expect(() => withTable((table) => table.load())).toThrow("entry 10 does not match");
  });

  test("a missing end is not: that is what the mark is for", () => {
    tamper("DELETE FROM entries WHERE idx > 500");
    expect(withTable((table) => table.load()).last.index).toBe(500);
  });
});
