import { expect, test } from "vitest";
import { openDatabase } from "../../../src/lib/system/sqlite.ts";
import { openAbridgedTable } from "../../../src/store/tables/row-table.ts";

interface Thing {
  readonly id: string;
  readonly colour: string;
}

function table(cacheLimit = 10) {
  const database = openDatabase({
    path: ":memory:",
    synchronous: "normal",
    autoCheckpointPages: 0,
  });
  database.exec("CREATE TABLE things (id TEXT PRIMARY KEY, colour TEXT, row TEXT) STRICT");
  const written: string[] = [];
  const things = openAbridgedTable<Thing, Thing>(database, {
    name: "things",
    key: ["id"],
    columns: { id: (thing) => thing.id, colour: (thing) => thing.colour },
    cacheLimit,
    abridge: (thing) => {
      written.push(`${thing.id} ${thing.colour}`);
      return thing;
    },
    complete: (thing) => thing,
  });
  const count = (): number =>
    Number(database.prepare("SELECT count(*) n FROM things").get()?.["n"]);
  return { things, written, count };
}

test("a row that is put again and again is written once, and read as it was put last", () => {
  const { things, written, count } = table();
  for (const colour of ["red", "green", "blue"]) {
    things.put({ id: "a", colour });
    expect(things.get("a")).toEqual({ id: "a", colour });
  }
  expect(written).toEqual([]);
  things.flush();
  things.flush();
  expect(written).toEqual(["a blue"]);
  expect(count()).toBe(1);
});

test("a search finds what was just put", () => {
  const { things } = table();
  things.put({ id: "a", colour: "red" });
  expect(things.some("colour = ?", "red")).toBe(true);
  things.put({ id: "a", colour: "blue" });
  things.put({ id: "b", colour: "blue" });
  expect(things.some("colour = ?", "red")).toBe(false);
  expect(things.select("WHERE colour = ? ORDER BY id", "blue").map(({ id }) => id)).toEqual([
    "a",
    "b",
  ]);
});

test("what was put and deleted before it was written is not there", () => {
  const { things, written, count } = table();
  things.put({ id: "a", colour: "red" });
  expect(things.delete("a")).toBe(true);
  expect(things.delete("a")).toBe(false);
  things.flush();
  expect(things.get("a")).toBeUndefined();
  expect([written, count()]).toEqual([[], 0]);
});

test("what the cache has no room for is read all the same, written or not", () => {
  const { things } = table(2);
  for (const id of ["a", "b", "c", "d"]) things.put({ id, colour: "red" });
  for (const id of ["a", "b", "c", "d"]) expect(things.get(id)).toEqual({ id, colour: "red" });
  things.flush();
  for (const id of ["a", "b", "c", "d"]) expect(things.get(id)).toEqual({ id, colour: "red" });
});
