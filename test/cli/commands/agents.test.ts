import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

test("shows the agent's figures by section", async () => {
  const routes = {
    "GET /v1/agent/self": {
      body: { stats: { raft: { term: "2", state: "Leader" }, client: { a: "1" } } },
    },
  };
  expect((await runAgainst(routes, ["agent-info"])).out).toBe(
    "client\n  a = 1\nraft\n  state = Leader\n  term = 2\n",
  );
});

test("joins by several addresses and counts who came", async () => {
  const routes = { "PUT /v1/agent/join": { body: { num_joined: 2, error: "" } } };
  const result = await runAgainst(routes, ["server", "join", "a:1", "b:2"]);
  expect(result.out).toBe("Joined 2 servers successfully\n");
  expect(result.requests[0]?.query.getAll("address")).toEqual(["a:1", "b:2"]);
});

test("declares a server gone silently", async () => {
  const routes = { "PUT /v1/agent/force-leave": {} };
  const result = await runAgainst(routes, ["server", "force-leave", "-prune", "x"]);
  expect(result).toMatchObject({ code: 0, out: "", err: "" });
  expect(result.requests[0]?.query.get("prune")).toBe("1");
});

test("collects garbage silently, and says when it could not", async () => {
  expect(await runAgainst({ "PUT /v1/system/gc": {} }, ["system", "gc"])).toMatchObject({
    code: 0,
    out: "",
  });
  expect((await runAgainst({}, ["system", "gc"])).err).toContain("Unexpected response code: 404");
});

test("streams the log out of its frames", async () => {
  const frame = (text: string): string =>
    JSON.stringify({ Data: Buffer.from(text).toString("base64"), File: "log" });
  const routes = { "GET /v1/agent/monitor": { text: `${frame("one\n")}{}${frame("two\n")}` } };
  const result = await runAgainst(routes, ["monitor", "-log-level=DEBUG"]);
  expect(result).toMatchObject({ code: 0, out: "one\ntwo\n" });
  expect(result.requests[0]?.query.get("log_level")).toBe("DEBUG");
});

test("the agent itself is run by whoever carries one, with its words untouched", async () => {
  const seen: (readonly string[])[] = [];
  const runAgent = (args: readonly string[]): Promise<number> => {
    seen.push(args);
    return Promise.resolve(3);
  };
  const result = await runAgainst({}, ["agent", "-dev", "-h"], { ports: { runAgent } });
  expect(result.code).toBe(3);
  expect(seen).toEqual([["-dev", "-h"]]);
  expect(await runAgainst({}, ["agent"])).toMatchObject({
    code: 1,
    err: "This build carries no agent\n",
  });
});

test("an old name of a server command warns and works", async () => {
  const routes = { "PUT /v1/agent/force-leave": {} };
  const result = await runAgainst(routes, ["server-force-leave", "x"]);
  expect(result.code).toBe(0);
  expect(result.err).toContain('WARNING! The "nomad server-force-leave" command is deprecated.');
});

test("tells where the web UI is, and the page of one thing", async () => {
  const plain = await runAgainst({}, ["ui", "-show-url"]);
  expect(plain.out).toBe("URL for web UI: http://HOST\n");
  const opened: string[] = [];
  const routes = { "PUT /v1/search": { body: { Matches: { nodes: ["abc"] } } } };
  const openBrowser = (url: string) => Promise.resolve(void opened.push(url));
  await runAgainst(routes, ["ui", "ab"], { ports: { openBrowser } });
  expect(opened[0]).toMatch(/\/ui\/clients\/abc$/);
  const none = await runAgainst({ "PUT /v1/search": { body: { Matches: {} } } }, ["ui", "ab"]);
  expect([none.code, none.err]).toEqual([1, 'Unable to resolve ID: "ab"\n']);
});

test.each([[204], [501]])("a server that answers %i for a license has none", async (status) => {
  const routes = { "GET /v1/operator/license": { status } };
  const result = await runAgainst(routes, ["license", "get"]);
  expect([result.code, result.err]).toEqual([
    1,
    "Error getting license: Nomad Enterprise only endpoint\n",
  ]);
});
