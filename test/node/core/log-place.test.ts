import { expect, test } from "vitest";
import { findLogPlace } from "../../../src/node/core/log-place.ts";

const files = [
  { index: 3, size: 10 },
  { index: 4, size: 5 },
];

test("an offset runs over the files from either end and stops at the other", () => {
  expect(findLogPlace(files, "start", 0)).toEqual({ index: 3, offset: 0 });
  expect(findLogPlace(files, "start", 12)).toEqual({ index: 4, offset: 2 });
  expect(findLogPlace(files, "start", 99)).toEqual({ index: 4, offset: 5 });
  expect(findLogPlace(files, "end", 0)).toEqual({ index: 4, offset: 5 });
  expect(findLogPlace(files, "end", 7)).toEqual({ index: 3, offset: 8 });
  expect(findLogPlace(files, "end", 99)).toEqual({ index: 3, offset: 0 });
  expect(findLogPlace([], "start", 0)).toBeUndefined();
});
