import { expect, test } from "vitest";
import { lastPart, takeFromQuery } from "../../../../src/node/artifact/core/url-parts.ts";

test("what speaks to the node goes out of a query, the rest stays as it was spelt", () => {
  const { taken, rest } = takeFromQuery(
    "X-Sig=a%2Fb%20c&archive=false&check%73um=md5%3Aab+c&archive=zip&flag&&=",
    new Set(["archive", "checksum", "filename"]),
  );
  expect(Object.fromEntries(taken)).toEqual({ archive: "false", checksum: "md5:ab c" });
  expect(rest).toBe("X-Sig=a%2Fb%20c&flag&=");
});

test("broken escapes are left alone", () => {
  expect(takeFromQuery("archive=%zz", new Set(["archive"])).taken.get("archive")).toBe("%zz");
});

test.each([
  ["https://host/a/b.zip?c=/d#e/f", "b.zip"],
  ["https://host/a%20b+c", "a b+c"],
  ["https://host/a%2Fb", "a/b"],
  ["https://host/a/", ""],
  ["https://host", ""],
])("the name behind %s is %j", (url, name) => {
  expect(lastPart(url)).toBe(name);
});
