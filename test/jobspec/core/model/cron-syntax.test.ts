import { expect, test } from "vitest";
import { cronFault } from "../../../../src/jobspec/core/model/cron-syntax.ts";

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
  ["1,,2 * * * *", "syntax error in minute field: '1,,2'"],
])("%s is refused", (spec, fault) => {
  expect(cronFault(spec)).toBe(fault);
});
