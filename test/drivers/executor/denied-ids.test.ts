import { expect, test } from "vitest";
import { isInRanges, parseIdRanges } from "../../../src/drivers/executor/denied-ids.ts";
import { readDeniedIds } from "../../../src/drivers/executor/plugin-options.ts";

test("numbers and ranges are read", () => {
  const ranges = parseIdRanges("1, 5-9,4294967295");
  if (typeof ranges === "string") throw new Error(ranges);
  expect([0, 1, 2, 5, 7, 9, 10, 4_294_967_295].filter((id) => isInRanges(ranges, id))).toEqual([
    1, 5, 7, 9, 4_294_967_295,
  ]);
  expect(parseIdRanges("")).toEqual([]);
});

test.each([
  ["9-5", 'the range "9-5" ends before it begins'],
  ["root", '"root" is no number or range'],
  ["-1", '"-1" is no number or range'],
  ["1-", '"1-" is no number or range'],
  ["4294967296", '"4294967296" is no number or range'],
])("%s is refused", (text, message) => {
  expect(parseIdRanges(text)).toBe(message);
});

test("a list that cannot be read denies everybody until it is mended", () => {
  const { denied, errors } = readDeniedIds({ denied_host_uids: "root" });
  expect(errors).toEqual(['denied_host_uids: "root" is no number or range']);
  expect(isInRanges(denied.uids, 1000)).toBe(true);
  expect(isInRanges(denied.gids, 1000)).toBe(false);
});
