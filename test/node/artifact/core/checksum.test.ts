import { expect, test } from "vitest";
import { findInChecksumFile, parseChecksum } from "../../../../src/node/artifact/core/checksum.ts";

const sha256 = "a".repeat(64);

test("a checksum is a type and a digest, or a digest whose length tells its type", () => {
  const wanted = { ok: true, checksum: { kind: "digest", hash: "sha256", hex: sha256 } };
  expect(parseChecksum(`sha256:${sha256}`)).toEqual(wanted);
  expect(parseChecksum(` SHA256:${sha256.toUpperCase()} `)).toEqual(wanted);
  expect(parseChecksum(sha256)).toEqual(wanted);
  expect(parseChecksum(`md5:${"b".repeat(32)}`)).toMatchObject({ checksum: { hash: "md5" } });
  expect(parseChecksum("c".repeat(40))).toMatchObject({ checksum: { hash: "sha1" } });
  expect(parseChecksum(`sha512:${"d".repeat(128)}`)).toMatchObject({ ok: true });
  expect(parseChecksum(undefined)).toEqual({ ok: true, checksum: undefined });
});

test("a checksum file has an address of the web", () => {
  expect(parseChecksum("file:https://x/SUMS")).toEqual({
    ok: true,
    checksum: { kind: "file", url: "https://x/SUMS" },
  });
  for (const url of ["/etc/passwd", "file:///etc/passwd", "ftp://x/y", ""])
    expect(parseChecksum(`file:${url}`).ok, url).toBe(false);
});

test.each(["crc32:12345678", "sha256:abc", `sha256:${"g".repeat(64)}`, "abc", "sha1:"])(
  "%j is refused",
  (text) => {
    expect(parseChecksum(text).ok).toBe(false);
  },
);

test("a list of digests is searched for the file's name", () => {
  const url = "https://host/dir/tool.zip?x=1";
  const list = `${"1".repeat(64)}  other.zip\n${sha256} *./tool.zip\n`;
  expect(findInChecksumFile(list, url)).toMatchObject({ hex: sha256 });
  expect(findInChecksumFile(`SHA256 (tool.zip) = ${sha256}`, url)).toMatchObject({ hex: sha256 });
  expect(findInChecksumFile(`SHA2-256 (tool.zip) = ${sha256}`, url)).toBeUndefined();
  expect(findInChecksumFile(`${sha256}\n`, url)).toMatchObject({ hex: sha256 });
  expect(findInChecksumFile(`${sha256}\n${"1".repeat(64)}\n`, url)).toBeUndefined();
  expect(findInChecksumFile(`${sha256}  tool.zip.asc\n`, url)).toBeUndefined();
  expect(findInChecksumFile("<html>no</html>", url)).toBeUndefined();
});
