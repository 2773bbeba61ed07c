import { expect, test } from "vitest";
import { formatByteSize, parseByteSize } from "../../../../src/node/artifact/core/byte-size.ts";

test.each([
  ["100GB", 100e9],
  ["100 gb", 100e9],
  ["1.5MB", 1.5e6],
  ["1GiB", 1073741824],
  ["1Gi", 1073741824],
  ["2k", 2000],
  ["4,096", 4096],
  ["0", 0],
  ["12B", 12],
])("%s is %d bytes", (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(["", "GB", "-1", "1 XB", "1.2.3", "ten", "9999999999TB"])("%j is no size", (text) => {
  expect(parseByteSize(text)).toBeUndefined();
});

test("sizes are told in steps of a thousand", () => {
  expect([0, 512, 1500, 100e9, 2.5e15, 5e18].map(formatByteSize)).toEqual([
    "0 B",
    "512 B",
    "1.5 kB",
    "100 GB",
    "2.5 PB",
    "5000 PB",
  ]);
});
