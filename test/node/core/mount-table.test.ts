import { expect, test } from "vitest";
import { escapedPoint, mountsBelow, parseMountInfo } from "../../../src/node/core/mount-table.ts";

const text = [
  "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
  "31 22 0:40 / /data/alloc/a1/web/secrets rw,noexec - tmpfs secrets rw,size=1024k",
  "32 22 0:41 / /data/alloc/a1/odd\\040name/secrets rw shared:7 master:1 - tmpfs secrets rw",
  "33 22 0:42 / /data/alloc2/x rw - tmpfs other rw",
  "",
].join("\n");

test("points and sources are read past optional fields and escapes", () => {
  expect(parseMountInfo(text)).toEqual([
    { point: "/", source: "/dev/sda1" },
    { point: "/data/alloc/a1/web/secrets", source: "secrets" },
    { point: "/data/alloc/a1/odd name/secrets", source: "secrets" },
    { point: "/data/alloc2/x", source: "other" },
  ]);
});

test("mounts below a folder come last first, and a name that only begins alike is not below", () => {
  const below = mountsBelow(parseMountInfo(text), "/data/alloc");
  expect(below.map(({ point }) => point)).toEqual([
    "/data/alloc/a1/odd name/secrets",
    "/data/alloc/a1/web/secrets",
  ]);
});

test("a point is found in the table as the kernel writes it", () => {
  for (const { point } of parseMountInfo(text)) expect(text).toContain(` ${escapedPoint(point)} `);
  expect(escapedPoint("/a\\b\tc\nd")).toBe("/a\\134b\\011c\\012d");
});
