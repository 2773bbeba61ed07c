import { expect, test } from "vitest";
import {
  identityText,
  planArtifact,
  shownSource,
} from "../../../../src/node/artifact/core/plan.ts";
import { buildArtifact } from "../../../support/artifact-files.ts";

const roots = { allocation: "/a", task: "/a/web" };
const planned = (change: Parameters<typeof buildArtifact>[0]): unknown => {
  const result = planArtifact(buildArtifact(change), roots);
  if (!result.ok) return result.error;
  const { archive, target } = result.plan;
  return `${target.kind} ${target.parts.join("/")}${archive ? ` ${archive.name}` : ""}`;
};
const https = "https://host/";

test.each([
  [{ GetterSource: `${https}tool` }, "file web/local/tool"],
  [{ GetterSource: `${https}tool.gz` }, "file web/local/tool gz"],
  [{ GetterSource: `${https}tool?filename=x` }, "file web/local/x"],
  [{ GetterSource: `${https}?filename=x` }, "file web/local/x"],
  [{ GetterSource: `${https}a.zip` }, "folder web/local zip"],
  [{ GetterSource: `${https}a.zip?archive=false` }, "file web/local/a.zip"],
  [{ GetterSource: `${https}a`, GetterOptions: { archive: "tgz" } }, "folder web/local tgz"],
  [
    { GetterSource: `${https}a.zip`, GetterMode: "file", RelativeDest: "local/b" },
    "file web/local/b zip",
  ],
  [{ GetterSource: `${https}a.zip`, GetterMode: "dir" }, "folder web/local zip"],
  [{ GetterSource: `${https}a`, GetterMode: "file", RelativeDest: "local/b" }, "file web/local/b"],
  [{ GetterSource: "github.com/o/r" }, "folder web/local"],
  [
    { GetterSource: "github.com/o/r//a/f", GetterMode: "file", RelativeDest: "local/f" },
    "file web/local/f",
  ],
])("%j becomes %s", (change, expected) => {
  expect(planned(change)).toBe(expected);
});

test.each([
  [{ GetterSource: `${https}a`, GetterMode: "dir" }, 'mode "dir" needs an archive'],
  [{ GetterSource: https }, "names no file"],
  [{ GetterSource: `${https}a%2F..%2Fb` }, "names no file"],
  [{ GetterSource: `${https}a?filename=../b` }, "is no plain name"],
  [{ GetterSource: `${https}a//b` }, "needs an archive or git"],
  [{ GetterSource: `${https}a?archive=rar` }, "unknown archive type"],
  [{ GetterSource: `${https}a?checksum=md5:x` }, "invalid md5 checksum"],
  [
    { GetterSource: `${https}a`, RelativeDest: "../.." },
    "artifact destination path escapes alloc directory",
  ],
  [
    { GetterSource: `github.com/o/r?checksum=md5:${"a".repeat(32)}` },
    "checksum cannot be given for a git",
  ],
  [{ GetterSource: "github.com/o/r?archive=zip" }, "archive option cannot be given for a git"],
  [
    { GetterSource: `${https}a`, GetterMode: "file", RelativeDest: "../alloc" },
    "must name the file",
  ],
])("%j is refused", (change, expected) => {
  expect(planned(change)).toContain(expected);
});

test("every word of an artifact makes it another one, their order does not", () => {
  const base = buildArtifact({ GetterOptions: { a: "1", b: "2" }, GetterHeaders: { x: "y" } });
  const same = buildArtifact({ GetterOptions: { b: "2", a: "1" }, GetterHeaders: { x: "y" } });
  expect(identityText(same)).toBe(identityText(base));
  const others = [
    { GetterSource: "https://host/other" },
    { GetterOptions: { a: "1" } },
    { GetterHeaders: {} },
    { GetterMode: "file" },
    { GetterInsecure: true },
    { RelativeDest: "local/x" },
    { Chown: true },
  ].map((change) => identityText({ ...base, ...change }));
  expect(new Set([identityText(base), ...others]).size).toBe(others.length + 1);
});

test("secrets in a source are not shown", () => {
  expect(shownSource("https://me:secret@host/a")).toBe("https://me:xxxxx@host/a");
  expect(shownSource("git::ssh://h/r?sshkey=AAAA&ref=x")).toBe(
    "git::ssh://h/r?sshkey=redacted&ref=x",
  );
  expect(shownSource("https://h/a?X-Amz-Signature=abc&b=c")).toBe(
    "https://h/a?X-Amz-Signature=redacted&b=c",
  );
  expect(shownSource("https://host/a?b=c")).toBe("https://host/a?b=c");
});
