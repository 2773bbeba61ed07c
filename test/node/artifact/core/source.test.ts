import { expect, test } from "vitest";
import { parseSource } from "../../../../src/node/artifact/core/source.ts";

function shown(text: string, options: Record<string, string> = {}): string {
  const parsed = parseSource(text, options);
  if (!parsed.ok) return parsed.error;
  const { kind, url, subpath } = parsed.source;
  return `${kind} ${url}${subpath.length > 0 ? ` ${subpath.join("/")}` : ""}`;
}

test.each([
  ["https://host/a.zip", "http https://host/a.zip"],
  ["http://host:8080/a.zip?x=%2F", "http http://host:8080/a.zip?x=%2F"],
  ["https://host/a.zip?archive=false&x=1&checksum=md5:ab", "http https://host/a.zip?x=1"],
  ["https://host/a.zip//sub/dir?x=1", "http https://host/a.zip?x=1 sub/dir"],
  ["https://host/a.zip?to=http://other//x", "http https://host/a.zip?to=http://other//x"],
  ["https::https://host/a", "http https://host/a"],
  ["git::https://host/r.git", "git https://host/r.git"],
  ["git::https://host/r.git//sub?ref=v1&depth=1", "git https://host/r.git sub"],
  ["git::ssh://git@host:2222/r.git", "git ssh://git@host:2222/r.git"],
  ["git::git@host:org/r.git?ref=x", "git ssh://git@host/org/r.git"],
  ["git@github.com:org/r.git//sub", "git ssh://git@github.com/org/r.git sub"],
  ["github.com/org/r", "git https://github.com/org/r.git"],
  ["github.com/org/r.git?ref=v1", "git https://github.com/org/r.git"],
  ["github.com/org/r//a/b?ref=v1", "git https://github.com/org/r.git a/b"],
  ["github.com/org/r/a/b", "git https://github.com/org/r.git a/b"],
  ["gitlab.com/org/r", "git https://gitlab.com/org/r.git"],
  ["bitbucket.org/org/r", "git https://bitbucket.org/org/r.git"],
  ["git::github.com/org/r", "git https://github.com/org/r.git"],
])("%s is read", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each([
  ["", "empty"],
  ["a b", "blanks"],
  ["https://host/a\\b", "backslashes"],
  ["s3::https://s3.amazonaws.com/b/k", "s3 sources are not supported"],
  ["s3.amazonaws.com/b/k", "s3 sources are not supported"],
  ["bucket.s3-eu-west-1.amazonaws.com/k", "s3 sources are not supported"],
  ["gcs::https://www.googleapis.com/storage/v1/b/k", "gcs sources are not supported"],
  ["www.googleapis.com/storage/v1/b/k", "gcs sources are not supported"],
  ["hg::http://host/r", "hg sources are not supported"],
  ["file::/etc/passwd", "file sources are not supported"],
  ["file:///etc/passwd", "file sources are not supported"],
  ["FILE:///etc/passwd", "file sources are not supported"],
  ["/etc/passwd", "file sources are not supported"],
  ["./x", "file sources are not supported"],
  ["../x", "file sources are not supported"],
  ["host/x", "file sources are not supported"],
  ["git::file:///srv/r.git", "git over file:// is not supported"],
  ["git::git://host/r.git", "git over git:// is not supported"],
  ["git::/srv/r.git", "file sources are not supported"],
  ["git::ext::sh -c x", "blanks"],
  ["git::ext::sh", "one PROTOCOL:: at most"],
  ["git::git::https://host/r", "one PROTOCOL:: at most"],
  ["ftp://host/x", "ftp:// is no known protocol"],
  ["javascript://x/y", "javascript:// is no known protocol"],
  ["ssh://git@host/r.git", "write git::ssh://"],
  ["x::https://host/y", "x:: is no known protocol"],
  ["git::ssh://-oProxyCommand=id/r.git", "cannot be the name of a host"],
  ["git::ssh://git@-oProxyCommand=id/r.git", "cannot be the name of a host"],
  ["git::ssh://-l@host/r.git", "characters that no user name has"],
  ["git::ssh://git:pw@host/r.git", "ssh takes no password"],
  ["git::https://host/-r", "must not begin"],
  ["git::https://host", "names no repository"],
  ["git::https://host/r?ref=--upload-pack=id", "cannot be a ref"],
  ["git::https://host/r?ref=-b", "cannot be a ref"],
  ["git::https://host/r?ref=a%20b", "cannot be a ref"],
  ["git::https://host/r?depth=-1", "is no number"],
  ["git::https://host/r?depth=1;id", "is no number"],
  ["git::https://host/r?sshkey=%00", "sshkey is no base64 text"],
  ["https://host/a.zip//../x", "must not have . or .."],
  ["https://", "names no host"],
  ["https://[::1/x", "no valid address"],
  ["http://host:99999/x", "no valid address"],
  ["github.com/org", "github.com/ORG/REPO"],
])("%s is refused", (text, expected) => {
  expect(shown(text)).toContain(expected);
});

test("options count as if they stood in the query, behind it", () => {
  const parsed = parseSource("https://host/a?archive=zip", {
    archive: "tar",
    token: "a b",
    checksum: "c",
  });
  expect(parsed).toMatchObject({
    ok: true,
    source: { url: "https://host/a?token=a%20b", archive: "zip", checksum: "c" },
  });
});

test("git takes its own words out of the query, http leaves them", () => {
  expect(parseSource("git::https://host/r?ref=v1&depth=3&x=1", {})).toMatchObject({
    source: { url: "https://host/r?x=1", ref: "v1", depth: 3 },
  });
  expect(shown("https://host/a?ref=v1")).toBe("http https://host/a?ref=v1");
});
