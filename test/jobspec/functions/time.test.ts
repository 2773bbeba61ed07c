import { expect, test } from "vitest";
import { faultOf, valueOf } from "../support.ts";

test("a time keeps its offset when something is added and loses its fraction", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["2020-02-28T23:30:00+02:00", "1h30m", "2020-02-29T01:00:00+02:00"],
    ["2020-01-01T00:00:00Z", "-1ms", "2019-12-31T23:59:59Z"],
    ["2020-01-01T00:00:00.75Z", "250ms", "2020-01-01T00:00:01Z"],
    ["2020-01-01T00:00:00+00:00", "0", "2020-01-01T00:00:00Z"],
    ["2016-12-31T23:59:59-11:30", "1s", "2017-01-01T00:00:00-11:30"],
    ["2020-01-01T00:00:00Z", "1.5h", "2020-01-01T01:30:00Z"],
    ["1960-01-01T00:00:00Z", "-500us", "1959-12-31T23:59:59Z"],
  ];
  for (const [time, duration, sum] of cases)
    expect(valueOf(`timeadd("${time}", "${duration}")`), time).toBe(sum);
});

test.each([
  ["2020-02-30T00:00:00Z", "1s", 10],
  ["2020-01-01T24:00:00Z", "1s", 10],
  ["2020-01-01 00:00:00Z", "1s", 10],
  ["2020-01-01T00:00:00", "1s", 10],
  ["2020-01-01", "1s", 10],
  ["2020-01-01T00:00:00Z", "1 day", 34],
  ["9999-12-31T23:59:59Z", "1s", 34],
])("%s plus %s is refused", (time, duration, column) => {
  expect(faultOf(() => valueOf(`timeadd("${time}", "${duration}")`))).toBe(
    `1,${column} Invalid function argument`,
  );
});

test("a date is written with its verbs", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["DD MMM YYYY hh:mm ZZZ", "02 Jan 2006 15:04 -0700"],
    ["EEEE, DD-MMM-YY hh:mm:ss ZZZ", "Monday, 02-Jan-06 15:04:05 -0700"],
    ["EEE, DD MMM YYYY hh:mm:ss ZZZ", "Mon, 02 Jan 2006 15:04:05 -0700"],
    ["MMM D, YYYY", "Jan 2, 2006"],
    ["MMMM", "January"],
    ["M/D/YY", "1/2/06"],
    ["MM", "01"],
    ["H:mmaa", "3:04pm"],
    ["HH AA", "03 PM"],
    ["h m s", "15 4 5"],
    ["Z ZZZZ ZZZZZ", "-07:00 -0700 -07:00"],
    ["'h:' h", "h: 15"],
    ["h 'o''clock'", "15 o'clock"],
    ["''", ""],
    ["", ""],
    ["YYYY-MM-DD'T'hh:mm:ssZ", "2006-01-02T15:04:05-07:00"],
    ["\u00fc\u{1F6A2} D", "\u00fc\u{1F6A2} 2"],
  ];
  for (const [pattern, text] of cases)
    expect(valueOf(`formatdate("${pattern}", "2006-01-02T15:04:05-07:00")`), pattern).toBe(text);
  expect(valueOf('formatdate("H AA Z ZZZ ZZZZ ZZZZZ", "0987-12-31T00:00:00Z")')).toBe(
    "12 AM Z UTC +0000 +00:00",
  );
  expect(valueOf('formatdate("H AA YYYY", "0987-12-31T12:00:00Z")')).toBe("12 PM 0987");
});

test.each(["Y", "YYY", "YYYYY", "MMMMM", "DDD", "EE", "hhh", "a", "A", "ZZ", "x", "'open", "T"])(
  "%s is no part of a date",
  (pattern) => {
    expect(faultOf(() => valueOf(`formatdate("${pattern}", "2006-01-02T15:04:05Z")`))).toBe(
      "1,13 Invalid function argument",
    );
  },
);
