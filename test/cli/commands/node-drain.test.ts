import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = "12345678-0000-0000-0000-000000000000";
const allocation = (ClientStatus: string, more: object = {}) => ({
  ID: "a",
  ClientStatus,
  DesiredStatus: "run",
  ...more,
});
const routes: Routes = {
  "GET /v1/nodes": { body: [{ ID: id }] },
  [`GET /v1/node/${id}`]: [
    { body: { ID: id, DrainStrategy: { Deadline: 1 } } },
    { body: { ID: id, DrainStrategy: { Deadline: 1 } }, index: 8 },
    { body: { ID: id, DrainStrategy: null }, index: 9 },
  ],
  [`GET /v1/node/${id}/allocations`]: [
    { body: [allocation("running")] },
    { body: [allocation("running", { DesiredTransition: { Migrate: true } })] },
    {
      body: [
        allocation("complete", { DesiredTransition: { Migrate: true }, DesiredStatus: "stop" }),
      ],
    },
  ],
  [`PUT /v1/node/${id}/drain`]: { body: {} },
};

test("follows a drain until the node is empty", async () => {
  const argv = ["node", "drain", "-enable", "-yes", "-deadline", "2s", "-m", "move", "12345678"];
  const result = await runAgainst(routes, argv);
  expect(result.code).toBe(0);
  const lines = result.out
    .replaceAll(/\d{4}-\S+Z/g, "T")
    .trimEnd()
    .split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "T: Ctrl-C to stop monitoring: will not cancel the node drain",
    `T: Node "${id}" drain strategy set`,
  ]);
  expect(lines.slice(2, -1).sort()).toEqual(
    [
      'T: Alloc "a" draining',
      'T: Alloc "a" marked for migration',
      'T: Alloc "a" status running -> complete',
      `T: Drain complete for node ${id}`,
    ].sort(),
  );
  expect(lines.at(-1)).toBe(`T: All allocations on node "${id}" have stopped`);
  const sent = result.requests.find((request) => request.method === "PUT");
  expect(sent?.body).toEqual({
    NodeID: id,
    DrainSpec: { Deadline: 2e9, IgnoreSystemJobs: false },
    MarkEligible: false,
    Meta: { message: "move" },
  });
});

test("-disable returns at once and makes the node eligible again", async () => {
  const result = await runAgainst(routes, ["node", "drain", "-disable", "-yes", "12345678"]);
  expect(result).toMatchObject({ code: 0, out: `Node "${id}" drain strategy unset\n` });
  expect(result.requests.at(-1)?.body).toMatchObject({ DrainSpec: null, MarkEligible: true });
});

test("asks first, and refuses flags that contradict each other", async () => {
  const asked = await runAgainst(routes, ["node", "drain", "-enable", "12345678"], {
    stdin: "n\n",
  });
  expect(asked.out).toContain("Are you sure you want to enable drain mode for node");
  expect(asked.requests.some((request) => request.method === "PUT")).toBe(false);
  expect((await runAgainst(routes, ["node", "drain", "-disable", "-force", "x"])).code).toBe(1);
});
