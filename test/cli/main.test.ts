import { expect, test } from "vitest";
import { runAgainst } from "./fake-agent.ts";

test("prints its version without asking anybody", async () => {
  const result = await runAgainst({}, ["version"]);
  expect(result).toMatchObject({ code: 0, out: "Nomad v2.0.5\n", err: "", requests: [] });
  expect(await runAgainst({}, ["--version"])).toMatchObject({ out: "Nomad v2.0.5\n" });
});

test("an unknown command is 127, a noun alone 1, help 0: all on stdout", async () => {
  expect(await runAgainst({}, ["moon"])).toMatchObject({ code: 127, err: "" });
  expect(await runAgainst({}, ["job"])).toMatchObject({ code: 1, err: "" });
  expect(await runAgainst({}, ["job", "-help"])).toMatchObject({ code: 0 });
  const help = await runAgainst({}, ["job", "run", "x", "-h"]);
  expect(help.code).toBe(0);
  expect(help.out).toContain("Usage: nomad job run");
});

test("a bad flag is said on stderr with the help on stdout", async () => {
  const result = await runAgainst({}, ["job", "status", "-moon"]);
  expect(result.code).toBe(1);
  expect(result.err).toBe("flag provided but not defined: -moon\n");
  expect(result.out).toContain("Usage: nomad job status");
  expect((await runAgainst({}, ["plan", "-moon"])).code).toBe(255);
});

test("wrong words name the command to ask for help", async () => {
  expect((await runAgainst({}, ["job", "run"])).err).toBe(
    "This command takes one argument: <path>\nFor additional help try 'nomad job run -help'\n",
  );
  expect((await runAgainst({}, ["job", "status", "a", "b"])).err).toContain("'nomad status -help'");
});

test("an agent that is not there is reported in Go's words", async () => {
  const result = await runAgainst({}, ["job", "status"], {
    env: { NOMAD_ADDR: "http://127.0.0.1:9" },
  });
  expect(result).toMatchObject({
    code: 1,
    out: "",
    err: 'Error querying jobs: Get "http://127.0.0.1:9/v1/jobs": dial tcp 127.0.0.1:9: connect: connection refused\n',
  });
});

test("an answer other than 200 is an error with its code and text", async () => {
  const routes = { "GET /v1/jobs": { status: 500, text: "No path to region" } };
  expect((await runAgainst(routes, ["job", "status", "-region=mars"])).err).toBe(
    "Error querying jobs: Unexpected response code: 500 (No path to region)\n",
  );
});

test("hints go to stderr and can be switched off", async () => {
  const routes = {
    "GET /v1/jobs": { body: [] },
    "GET /v1/agent/self": { body: { config: { UI: { Enabled: true } } } },
  };
  expect(await runAgainst(routes, ["job", "status"])).toMatchObject({
    out: "No running jobs\n",
    err: "\n\n==> View and manage Nomad jobs in the Web UI: http://HOST/ui/jobs\n",
  });
  const env = { NOMAD_CLI_SHOW_HINTS: "false" };
  expect((await runAgainst(routes, ["job", "status"], { env })).err).toBe("");
});

test("-ui opens the same address that the hint shows", async () => {
  const opened: string[] = [];
  const openBrowser = (url: string): Promise<void> => {
    opened.push(url);
    return Promise.resolve();
  };
  await runAgainst({ "GET /v1/jobs": { body: [] } }, ["job", "status", "-ui"], {
    ports: { openBrowser },
  });
  expect(opened).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/ui\/jobs$/)]);
});

test("an address nobody could use is refused before anything is asked", async () => {
  const result = await runAgainst({}, ["node", "status", "-address=nowhere"]);
  expect(result.code).toBe(1);
  expect(result.err).toContain("Error initializing client: invalid address 'nowhere'");
});
