import { expect, test } from "vitest";
import { parseCron } from "../../src/lib/cron.ts";

const cronFault = (spec: string): string | undefined => {
  const parsed = parseCron(spec);
  return parsed.ok ? undefined : parsed.fault;
};

test.each([
  "* * * * *",
  "*/20 * * * * *",
  "0 5 * * *",
  "0 0 1,15 * 3 2030",
  "@daily",
  "@HOURLY",
  "0-30/10 8-18 L JAN-MAR MON-FRI",
  "0 0 15W * 5#2",
  "0 0 ? * 5L",
  "30 0 0 1 1 * 2030-2040",
  "0 22-2 * * fri-mon",
  "0 0 L-3,LW,W5 * L,sundayL",
  "5/15 * ? * 7",
])("%s is sound", (spec) => {
  expect(cronFault(spec)).toBeUndefined();
});

test.each([
  ["", "missing field(s)"],
  ["* * * *", "missing field(s)"],
  ["* * * * * * * *", "missing field(s)"],
  ["@never", 'unknown nickname "@never"'],
  ["60 * * * *", "syntax error in minute field: '60'"],
  ["* 24 * * *", "syntax error in hour field: '24'"],
  ["* * 0 * *", "syntax error in day of month field: '0'"],
  ["* * * 13 *", "syntax error in month field: '13'"],
  ["* * * * 8", "syntax error in day of week field: '8'"],
  ["1-2-3 * * * *", "syntax error in minute field: '1-2-3'"],
  ["*/0 * * * *", "syntax error in minute field: '*/0'"],
  ["*/2/3 * * * *", "syntax error in minute field: '*/2/3'"],
  ["* * 1,lx * *", "syntax error in day of month field: '1,lx'"],
  ["* * l-31 * *", "syntax error in day of month field: 'l-31'"],
  ["* * 40w * *", "syntax error in day of month field: '40w'"],
  ["* * * * aprill", "syntax error in day of week field: 'aprill'"],
  ["* * * * 5#6", "syntax error in day of week field: '5#6'"],
  ["* * * * * 2030-2020", "syntax error in year field: '2030-2020'"],
  ["@", 'unknown nickname "@"'],
  ["1,,2 * * * *", "syntax error in minute field: '1,,2'"],
])("%s is refused", (spec, fault) => {
  expect(cronFault(spec)).toBe(fault);
});

const line = (spec: string) => {
  const parsed = parseCron(spec);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.line;
};

test("fields are read into what they stand for", () => {
  expect(line("*/20 22-2/2 * * *")).toMatchObject({ seconds: [0], minutes: [0, 20, 40] });
  expect(line("0 22-2/2 * * *").hours).toEqual([0, 2, 22]);
  expect(line("5/15 * * * *").minutes).toEqual([5, 20, 35, 50]);
  expect(line("0 0 * jan,December *").months).toEqual([1, 12]);
  expect([...line("0 0 1 1 * 2030-2032").years]).toEqual([2030, 2031, 2032]);
  expect(line("1,2 0 0 1 1 * 2030").seconds).toEqual([1, 2]);
});

test("days are named by the month, the week, or either", () => {
  expect(line("0 0 * * *").days).toEqual([{ kind: "every" }]);
  expect(line("0 0 ? * 7,0,sun").days).toEqual([{ kind: "weekdays", weekdays: [0] }]);
  expect(line("0 0 15,1 * fri-mon").days).toEqual([
    { kind: "days", days: [1, 15] },
    { kind: "weekdays", weekdays: [0, 1, 5, 6] },
  ]);
  expect(line("0 0 L,L-2,15W,LW * 5#2,5L,L").days).toEqual([
    { kind: "fromEnd", before: 0 },
    { kind: "fromEnd", before: 2 },
    { kind: "workday", day: 15 },
    { kind: "workday" },
    { kind: "nth", weekday: 5, nth: 2 },
    { kind: "last", weekday: 5 },
    { kind: "weekdays", weekdays: [6] },
  ]);
});
