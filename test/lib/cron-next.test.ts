import { describe, expect, test } from "vitest";
import { nextCronMs, zoneOffset } from "../../src/lib/cron-next.ts";
import { cpuMsOf } from "../support/cpu-time.ts";

/** The next few times of a line, as instants in UTC. */
function times(spec: string, zone: string, after: string, count: number): readonly string[] {
  const found: string[] = [];
  let at = Date.parse(after);
  while (found.length < count) {
    const next = nextCronMs([spec], zone, at);
    if (next === undefined) return [...found, "never"];
    found.push(new Date(next).toISOString().replace(".000Z", "Z"));
    at = next;
  }
  return found;
}

const from = "2026-01-30T10:07:30Z";
const table: readonly (readonly [string, ...string[]])[] = [
  ["* * * * *", "2026-01-30T10:08:00Z", "2026-01-30T10:09:00Z"],
  ["*/15 * * * *", "2026-01-30T10:15:00Z", "2026-01-30T10:30:00Z"],
  ["0 5 * * *", "2026-01-31T05:00:00Z", "2026-02-01T05:00:00Z"],
  ["30 23 31 * *", "2026-01-31T23:30:00Z", "2026-03-31T23:30:00Z"],
  ["0 0 29 2 *", "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"],
  ["0 0 30 2 *", "never"],
  ["0 0 1 1 * 2030", "2030-01-01T00:00:00Z", "never"],
  ["0 0 1 1 * 2020", "never"],
  ["*/20 0 0 1 1 * 2027", "2027-01-01T00:00:00Z", "2027-01-01T00:00:20Z"],
  ["45 7 10 30 1 * 2026", "2026-01-30T10:07:45Z", "never"],
  ["@hourly", "2026-01-30T11:00:00Z", "2026-01-30T12:00:00Z"],
  ["@daily", "2026-01-31T00:00:00Z"],
  ["@midnight", "2026-01-31T00:00:00Z"],
  ["@weekly", "2026-02-01T00:00:00Z", "2026-02-08T00:00:00Z"],
  ["@monthly", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"],
  ["@yearly", "2027-01-01T00:00:00Z"],
  ["@annually", "2027-01-01T00:00:00Z"],
  ["0 0 L * *", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"],
  ["0 0 L-2 * *", "2026-02-26T00:00:00Z", "2026-03-29T00:00:00Z"],
  ["0 0 LW * *", "2026-02-27T00:00:00Z", "2026-03-31T00:00:00Z"],
  ["0 0 15W * *", "2026-02-16T00:00:00Z", "2026-03-16T00:00:00Z"],
  ["0 0 1W 8 *", "2026-08-03T00:00:00Z"],
  ["0 0 31W 5 *", "2026-05-29T00:00:00Z"],
  ["0 0 * * 5#2", "2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z"],
  ["0 0 * * monL", "2026-02-23T00:00:00Z", "2026-03-30T00:00:00Z"],
  ["0 0 * * 7", "2026-02-01T00:00:00Z", "2026-02-08T00:00:00Z"],
  ["0 0 10 * mon", "2026-02-02T00:00:00Z", "2026-02-09T00:00:00Z", "2026-02-10T00:00:00Z"],
  ["0 22-1 * * *", "2026-01-30T22:00:00Z", "2026-01-30T23:00:00Z", "2026-01-31T00:00:00Z"],
];
test.each(table)("%s comes next at %s", (spec, ...wanted) => {
  expect(times(spec, "UTC", from, wanted.length)).toEqual(wanted);
});

describe("when the clocks change", () => {
  const newYork = "America/New_York";
  test("a time that spring leaves out does not come that day", () => {
    expect(times("30 2 * * *", newYork, "2019-03-09T12:00:00Z", 2)).toEqual([
      "2019-03-11T06:30:00Z",
      "2019-03-12T06:30:00Z",
    ]);
  });

  test("a time that autumn shows twice comes twice", () => {
    expect(times("30 1 * * *", newYork, "2019-11-03T04:00:00Z", 3)).toEqual([
      "2019-11-03T05:30:00Z",
      "2019-11-03T06:30:00Z",
      "2019-11-04T06:30:00Z",
    ]);
  });

  test("the second of two is found from between them, also for a line that is over on the clock", () => {
    const between = "2019-11-03T05:45:00Z";
    expect(times("30 1 * * *", newYork, between, 1)).toEqual(["2019-11-03T06:30:00Z"]);
    expect(times("30 1 3 11 * 2019", newYork, between, 2)).toEqual([
      "2019-11-03T06:30:00Z",
      "never",
    ]);
  });

  test("what comes every half hour goes on evenly through both", () => {
    expect(times("*/30 * * * *", newYork, "2019-03-10T06:15:00Z", 3)).toEqual([
      "2019-03-10T06:30:00Z",
      "2019-03-10T07:00:00Z",
      "2019-03-10T07:30:00Z",
    ]);
    expect(times("*/30 * * * *", newYork, "2019-11-03T05:15:00Z", 4)).toEqual([
      "2019-11-03T05:30:00Z",
      "2019-11-03T06:00:00Z",
      "2019-11-03T06:30:00Z",
      "2019-11-03T07:00:00Z",
    ]);
  });

  test("a day whose midnight is left out still has its other hours", () => {
    expect(times("0 1 4 11 *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", 1)).toEqual([
      "2018-11-04T03:00:00Z",
    ]);
    expect(times("0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", 1)).toEqual([
      "2018-11-05T02:00:00Z",
    ]);
  });

  test("half an hour of change is enough", () => {
    expect(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T12:00:00Z", 2)).toEqual([
      "2026-10-02T15:45:00Z",
      "2026-10-04T15:15:00Z",
    ]);
  });

  test("a year ahead it is the offset of then that counts", () => {
    expect(times("0 12 1 7 *", "Europe/Zurich", "2026-12-01T00:00:00Z", 1)).toEqual([
      "2027-07-01T10:00:00Z",
    ]);
  });
});

test("every second of two days around a change that matches is found, and no other", () => {
  const zone = "Europe/Zurich";
  const offset = zoneOffset(zone);
  const start = Date.parse("2026-10-24T12:00:00Z");
  const wanted: string[] = [];
  for (let at = start + 60_000; at < start + 2 * 86_400_000; at += 60_000) {
    const wall = new Date(at + offset(at));
    if (wall.getUTCMinutes() % 20 === 5 && [1, 2, 3].includes(wall.getUTCHours()))
      wanted.push(new Date(at).toISOString().replace(".000Z", "Z"));
  }
  expect(wanted).toHaveLength(21);
  expect(times("5/20 1-3 * * *", zone, "2026-10-24T12:00:00Z", 21)).toEqual(wanted);
});

test("of several lines the first to come counts, and one that cannot be read never does", () => {
  const at = nextCronMs(["0 5 * * *", "nonsense", "@hourly"], "", Date.parse(from));
  expect(new Date(at ?? 0).toISOString()).toBe("2026-01-30T11:00:00.000Z");
  expect(nextCronMs(["nonsense"], "", 0)).toBeUndefined();
  expect(nextCronMs([], "", 0)).toBeUndefined();
});

test("lines that never come, and long lists of days, are answered soon", () => {
  const days = Array.from({ length: 200_000 }, (_, at) => `${(at % 31) + 1}W`).join(",");
  const tookMs = cpuMsOf(() => {
    expect(nextCronMs(["0 0 31 2,4,6,9,11 *"], "Europe/Zurich", Date.parse(from))).toBeUndefined();
    expect(nextCronMs([`0 0 ${days} 2 * 2099`], "Europe/Zurich", Date.parse(from))).toBeDefined();
  });
  expect(tookMs).toBeLessThan(1_000);
});

test("a zone that there is not is an error", () => {
  expect(() => zoneOffset("Mars/Olympus")).toThrow(RangeError);
});
