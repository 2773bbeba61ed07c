import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultArtifactSettings } from "../../../src/node/artifacts.ts";
import type { ArtifactSettings } from "../../../src/node/artifacts.ts";
import type { TaskPaths } from "../../../src/node/alloc-directory.ts";
import { startArtifactWorld } from "../../support/artifact-world.ts";
import { selfSigned } from "../../support/certificate.ts";
import type { ArtifactWorld } from "../../support/artifact-world.ts";

let world: ArtifactWorld;
let paths: TaskPaths;
beforeEach(async () => {
  world = await startArtifactWorld();
  paths = await world.task();
});
afterEach(async () => {
  await world.close();
});
const read = (name: string): string => readFileSync(join(paths.local, name), "utf8");
const settings = (change: Partial<ArtifactSettings>): { settings: ArtifactSettings } => ({
  settings: { ...defaultArtifactSettings, allowedNetworks: world.loopback, ...change },
});
const hex = (hash: string, text: string): string => createHash(hash).update(text).digest("hex");
const redirect = (path: string, location: string, status = 302): void => {
  world.pages.set(path, (_, answer) => answer.writeHead(status, { location }).end());
};

test.each(["md5", "sha1", "sha256", "sha512"])("a %s checksum is compared", async (hash) => {
  world.pages.set("/f", "content");
  const right = `${hash}:${hex(hash, "content")}`;
  const wrong = `${hash}:${hex(hash, "other")}`;
  const fault = await world.fault(paths, {
    GetterSource: `${world.url}/f`,
    GetterOptions: { checksum: wrong },
  });
  expect(fault).toContain(`checksums did not match: expected ${hash} ${hex(hash, "other")}, got`);
  expect(readdirSync(paths.local)).toEqual([]);
  await world.fetch(paths, [{ GetterSource: `${world.url}/f?checksum=${right}` }]);
  expect(read("f")).toBe("content");
  expect(world.asked).toEqual(["/f", "/f"]);
});

test("a checksum may stand in a file of its own", async () => {
  world.pages.set("/dir/f", "content");
  world.pages.set("/SUMS", `${hex("sha256", "x")}  g\n${hex("sha256", "content")}  f\n`);
  world.pages.set("/BAD", `${hex("sha256", "x")}  f\n`);
  world.pages.set("/NONE", "nothing here\n");
  const get = (name: string) =>
    world.fault(paths, {
      GetterSource: `${world.url}/dir/f`,
      GetterOptions: { checksum: `file:${world.url}/${name}` },
    });
  expect(await get("BAD")).toContain("checksums did not match");
  expect(await get("NONE")).toContain("the checksum file says nothing about this file");
  expect(await get("MISSING")).toContain("bad response code: 404");
  expect(await get("SUMS")).toBeUndefined();
  expect(read("f")).toBe("content");
});

test("headers and passwords go to the server that they are meant for, and to no other", async () => {
  const seen: Record<string, unknown>[] = [];
  const other = await startArtifactWorld();
  other.pages.set("/there", (asked, answer) => {
    seen.push(asked.headers);
    answer.end("content");
  });
  world.pages.set("/here", (asked, answer) => {
    seen.push(asked.headers);
    answer.writeHead(302, { location: "/next" }).end();
  });
  world.pages.set("/next", (asked, answer) => {
    seen.push(asked.headers);
    answer.writeHead(307, { location: `${other.url}/there` }).end();
  });
  await world.fetch(paths, [
    {
      GetterSource: `http://me:p%40ss@127.0.0.1:${world.port}/here?filename=f`,
      GetterHeaders: { "X-Token": "t", Cookie: "c=1", Accept: "text/plain" },
    },
  ]);
  await other.close();
  const own = {
    "x-token": "t",
    cookie: "c=1",
    accept: "text/plain",
    authorization: `Basic ${btoa("me:p@ss")}`,
  };
  expect(seen[0]).toMatchObject(own);
  expect(seen[1]).toMatchObject(own);
  expect(seen[2]).toMatchObject({ accept: "text/plain" });
  for (const name of ["x-token", "cookie", "authorization"])
    expect(seen[2]).not.toHaveProperty(name);
  expect(read("f")).toBe("content");
});

test("a header that is none is a failure, not a second request", async () => {
  const fault = await world.fault(paths, {
    GetterSource: `${world.url}/f`,
    GetterHeaders: { "X-A": "1\r\nX-B: 2" },
  });
  expect(fault).toContain("Invalid character in header content");
  expect(world.asked).toEqual([]);
});

test.each([
  ["file:///etc/passwd", "redirects to file:"],
  ["ftp://127.0.0.1/x", "redirects to ftp:"],
  ["data:text/plain,x", "redirects to data:"],
  ["http://169.254.169.254/latest/meta-data/", "fetches no artifacts from metadata addresses"],
  ["http://[fd00:ec2::254]/", "fetches no artifacts from metadata addresses"],
  ["http://[::1]/", "fetches no artifacts from loopback addresses"],
  ["http://0/", "fetches no artifacts from unspecified addresses"],
  ["http://[::ffff:169.254.169.254]/", "fetches no artifacts from metadata addresses"],
  ["http://2852039166/", "fetches no artifacts from metadata addresses"],
  ["http://[oops", "something that is no address"],
])("a redirect to %s is refused", async (location, words) => {
  redirect("/f", location);
  expect(await world.fault(paths, { GetterSource: `${world.url}/f` })).toContain(words);
});

test("ten redirects are followed, not more", async () => {
  for (let at = 0; at < 10; at++)
    redirect(`/r${at}`, `/r${at + 1}`, [301, 302, 303, 307, 308][at % 5]);
  world.pages.set("/r10", "content");
  redirect("/loop", "/loop");
  await world.fetch(paths, [{ GetterSource: `${world.url}/r0?filename=f` }]);
  expect(read("f")).toBe("content");
  expect(world.asked).toHaveLength(11);
  expect(await world.fault(paths, { GetterSource: `${world.url}/loop` })).toContain(
    "stopped after 10 redirects",
  );
  world.pages.set("/lost", (_, answer) => answer.writeHead(302).end());
  expect(await world.fault(paths, { GetterSource: `${world.url}/lost` })).toContain(
    "bad response code: 302",
  );
});

test("by default nothing is fetched from this machine itself, whatever it is called", async () => {
  world.pages.set("/f", "secret");
  const strict = { settings: defaultArtifactSettings };
  for (const host of [
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
    "0",
    "[::1]",
    "[::ffff:7f00:1]",
  ])
    expect(
      await world.fault(paths, { GetterSource: `http://${host}:${world.port}/f` }, strict),
      host,
    ).toMatch(/this node fetches no artifacts from (?:loopback|unspecified) addresses/);
  expect(world.asked).toEqual([]);
});

test("a name is judged by what it resolves to when the connection is made", async () => {
  world.pages.set("/f", "secret");
  const answers = [["127.0.0.1"], ["10.0.0.1", "169.254.169.254"], [], ["::ffff:127.0.0.1"]];
  const source = { GetterSource: `http://innocent.example:${world.port}/f` };
  const faults = [];
  for (const addresses of answers)
    faults.push(
      await world.fault(paths, source, {
        settings: defaultArtifactSettings,
        resolve: () => Promise.resolve(addresses),
      }),
    );
  expect(faults.map((fault) => fault?.replace(/^.*?": /, ""))).toEqual([
    "address 127.0.0.1 of innocent.example is refused: this node fetches no artifacts from loopback addresses",
    "address 169.254.169.254 of innocent.example is refused: this node fetches no artifacts from metadata addresses",
    "host innocent.example has no address",
    "address ::ffff:127.0.0.1 of innocent.example is refused: this node fetches no artifacts from loopback addresses",
  ]);
  expect(world.asked).toEqual([]);
  // A second answer for the same name is judged anew: the redirect asks again.
  redirect("/f", `http://innocent.example:${world.port}/g`);
  let asked = 0;
  const turned = await world.fault(paths, source, {
    ...settings({}),
    resolve: () => Promise.resolve([asked++ === 0 ? "127.0.0.1" : "169.254.0.2"]),
  });
  expect(turned).toContain("address 169.254.0.2 of innocent.example is refused");
  expect(world.asked).toEqual(["/f"]);
});

test("a name that passes is fetched from the address that passed", async () => {
  world.pages.set("/f", (asked, answer) => answer.end(asked.headers.host));
  await world.fetch(paths, [{ GetterSource: `http://innocent.example:${world.port}/f` }], {
    ...settings({}),
    resolve: () => Promise.resolve(["127.0.0.1"]),
  });
  expect(read("f")).toBe(`innocent.example:${world.port}`);
});

test("a download has a size, a time and no silence", async () => {
  world.pages.set("/announced", "x".repeat(2000));
  world.pages.set("/grown", (_, answer) => {
    answer.write("x".repeat(900));
    answer.end("x".repeat(900));
  });
  world.pages.set("/silent", (_, answer) => answer.write("x"));
  world.pages.set("/mute", () => undefined);
  world.pages.set("/drip", (_, answer) => {
    const timer = setInterval(() => answer.write("x"), 20);
    answer.once("close", () => {
      clearInterval(timer);
    });
  });
  world.pages.set("/short", (_, answer) => {
    answer.writeHead(200, { "content-length": "100" }).write("x");
    setImmediate(() => answer.destroy());
  });
  const get = (name: string, change: Partial<ArtifactSettings>) =>
    world.fault(paths, { GetterSource: `${world.url}/${name}` }, settings(change));
  expect(await get("announced", { httpMaxBytes: 1500 })).toContain(
    "larger than the limit of 1.5 kB",
  );
  expect(await get("grown", { httpMaxBytes: 1500 })).toContain("larger than the limit of 1.5 kB");
  expect(await get("silent", { stallTimeoutMs: 100 })).toContain("nothing came for 100ms");
  expect(await get("mute", { stallTimeoutMs: 100 })).toContain("nothing came for 100ms");
  expect(await get("drip", { httpTimeoutMs: 300, stallTimeoutMs: 250 })).toContain(
    "it was not complete after 300ms",
  );
  expect(await get("short", {})).toContain("aborted");
  expect(readdirSync(paths.local)).toEqual([]);
  expect(readdirSync(join(paths.allocation, ".artifacts", "web", "work"))).toEqual([]);
  expect(await get("grown", { httpMaxBytes: 1800 })).toBeUndefined();
});

test("a certificate is checked unless the artifact says otherwise", async () => {
  const server = createServer(selfSigned(), (_, answer) => answer.end("content"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const GetterSource = `https://127.0.0.1:${typeof bound === "object" ? bound?.port : 0}/f`;
  expect(await world.fault(paths, { GetterSource })).toContain("self-signed certificate");
  await world.fetch(paths, [{ GetterSource, GetterInsecure: true }]);
  expect(read("f")).toBe("content");
  server.closeAllConnections();
  server.close();
});

test("sources without a way to fetch them say what to do", async () => {
  const faults = await Promise.all(
    ["s3::https://s3.amazonaws.com/b/k", "gcs::https://x/y", "hg::https://x/y", "/etc/passwd"].map(
      (GetterSource) => world.fault(paths, { GetterSource }),
    ),
  );
  expect(faults).toEqual([
    'failed to download artifact "s3::https://s3.amazonaws.com/b/k": s3 sources are not supported by this node: use the object\'s https:// address (a presigned one for a private bucket)',
    'failed to download artifact "gcs::https://x/y": gcs sources are not supported by this node: use the object\'s https:// address (a signed one for a private bucket)',
    'failed to download artifact "hg::https://x/y": hg sources are not supported by this node: publish an archive of the repository and use its https:// address',
    'failed to download artifact "/etc/passwd": file sources are not supported by this node: mount the files as a host volume, or serve them over https://',
  ]);
});
