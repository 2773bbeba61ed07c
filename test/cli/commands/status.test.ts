import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = "12345678-0000-0000-0000-000000000000";
const found = (matches: object): Routes => ({ "PUT /v1/search": { body: { Matches: matches } } });

test("an identifier is shown by the command it belongs to", async () => {
  const deployment = { ID: id, JobID: "web", JobVersion: 1, Status: "running", TaskGroups: {} };
  const routes = {
    ...found({ deployment: [id] }),
    [`GET /v1/deployment/${id}`]: { body: deployment },
  };
  const result = await runAgainst(routes, ["status", "1234"]);
  expect(result.out).toContain("Job ID      = web\n");
  expect(result.requests[0]?.body).toEqual({ Prefix: "1234", Context: "all" });
  const namespace = { "GET /v1/namespaces": { body: [{ Name: "team", Description: "d" }] } };
  expect(
    (await runAgainst({ ...found({ namespaces: ["team"] }), ...namespace }, ["status", "team"]))
      .out,
  ).toContain("Name                   = team\n");
});

test("an identifier that nothing has, or that no command shows, is an error", async () => {
  expect(await runAgainst(found({}), ["status", "zz"])).toMatchObject({
    code: 1,
    err: 'Unable to resolve ID: "zz"\n',
  });
  expect((await runAgainst(found({ plugins: ["p"] }), ["status", "p"])).err).toContain("plugins");
});

test("an allocation's prefix that matches several is an answer, not an error", async () => {
  const stub = { Name: "a", NodeID: id, TaskGroup: "g", JobVersion: 0, CreateIndex: 1 };
  const routes = {
    "GET /v1/allocations": {
      body: [
        { ...stub, ID: "ab1" },
        { ...stub, ID: "ab2" },
      ],
    },
  };
  const result = await runAgainst(routes, ["alloc", "status", "ab"]);
  expect(result.code).toBe(0);
  expect(result.out).toContain("Prefix matched multiple allocations\n\nID ");
});

test("colours appear only when forced or on a terminal, and headings keep them then", async () => {
  const namespace = { Name: "n", Description: "", Quota: "", Meta: { a: "b" } };
  const routes = { "GET /v1/namespaces": { body: [namespace] } };
  const argv = ["namespace", "status", "n"];
  const bold = "\u001b[1mMetadata\u001b[0m\u001b[0m";
  expect((await runAgainst(routes, argv)).out).not.toContain("\u001b");
  expect((await runAgainst(routes, [...argv.slice(0, 2), "-force-color", "n"])).out).toContain(
    bold,
  );
  expect((await runAgainst(routes, argv, { tty: true })).out).toContain(bold);
  const env = { NOMAD_CLI_NO_COLOR: "1" };
  expect((await runAgainst(routes, argv, { tty: true, env })).out).not.toContain("\u001b");
  const failing = await runAgainst({}, ["namespace", "status", "x"], { tty: true });
  expect(failing.err.startsWith("\u001b[31m")).toBe(true);
});
