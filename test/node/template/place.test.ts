import * as fc from "fast-check";
import { join } from "node:path";
import { expect, test } from "vitest";
import { destinationPlace, sourcePlace } from "../../../src/node/template/place.ts";

const folders = { task: "/data/alloc/a1/web", shared: "/data/alloc/a1/alloc" };

test.each([
  ["local/x", "/data/alloc/a1/web", ["local", "x"]],
  ["./local//a/../x", "/data/alloc/a1/web", ["local", "x"]],
  ["../alloc/data/x", "/data/alloc/a1/alloc", ["data", "x"]],
  ["/data/alloc/a1/alloc/x", "/data/alloc/a1/alloc", ["x"]],
  ["/local/x", "/data/alloc/a1/web", ["local", "x"]],
  ["..x/y", "/data/alloc/a1/web", ["..x", "y"]],
])("the destination %s lies in %s", (path, folder, segments) => {
  expect(destinationPlace(path, folders)).toEqual({ folder, segments });
});

test.each(["", ".", "..", "../web2/x", "../../a2/web/x", "local/../../x", "x\0y"])(
  "the destination %j is refused",
  (path) => {
    expect(() => destinationPlace(path, folders)).toThrow(
      "template destination path escapes alloc directory",
    );
  },
);

test.each(["/etc/passwd", "/local/x", "/data/alloc/a1/web/../../a2/x", "../other/secrets/x"])(
  "the source %j is refused",
  (path) => {
    expect(() => sourcePlace(path, folders)).toThrow(
      "template source path escapes alloc directory",
    );
  },
);

test("no path leads out of the task's folders", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "",
    "a",
    "web",
    "alloc",
    "data",
    "a1",
    "%2e%2e",
    "...",
    "~",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, isAbsolute) => {
      const path = (isAbsolute ? "/" : "") + pieces.join("/");
      for (const find of [sourcePlace, destinationPlace]) {
        let place;
        try {
          place = find(path, folders);
        } catch (thrown) {
          expect(String(thrown)).toContain("escapes alloc directory");
          continue;
        }
        expect(Object.values(folders)).toContain(place.folder);
        expect(place.segments.length).toBeGreaterThan(0);
        expect(place.segments).not.toContain("..");
        expect(join(place.folder, ...place.segments).startsWith(`${place.folder}/`)).toBe(true);
      }
    }),
  );
});
