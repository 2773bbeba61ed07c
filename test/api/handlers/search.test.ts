import { describe, expect, test } from "vitest";
import { buildJob, buildNode, uuid } from "../support/build.ts";
import { answerOf, start } from "../support/started.ts";
import { clusterContext } from "../support/cluster-context.ts";

describe("search", () => {
  test("finds ids by their beginning, the exact one first", async () => {
    const made = clusterContext();
    made.store.tables.jobs.push(buildJob("web-2"));
    const response = await (
      await start(made)
    ).put("/v1/search", { Prefix: "web", Context: "jobs" });
    expect(await response.json()).toEqual({
      Matches: { jobs: ["web", "web-2"] },
      Truncations: { jobs: false },
      Index: 100,
      LastContact: 0,
      KnownLeader: true,
      NextToken: "",
    });
  });

  test("looks everywhere that the prefix fits, and stops at twenty", async () => {
    const made = clusterContext();
    made.store.tables.nodes.push(...Array.from({ length: 30 }, (_, n) => buildNode(n)));
    const response = await (
      await start(made)
    ).put("/v1/search", { Prefix: "000000", Context: "all" });
    const { Matches, Truncations } = (await response.json()) as {
      Matches: Record<string, string[]>;
      Truncations: Record<string, boolean>;
    };
    expect(Matches).toMatchObject({ allocs: [uuid(1)], jobs: [] });
    expect([Matches["nodes"]?.length, Truncations["nodes"]]).toEqual([20, true]);
  });

  test("knows its contexts", async () => {
    const response = await (
      await start(clusterContext())
    ).put("/v1/search", { Prefix: "x", Context: "moons" });
    expect(await answerOf(response)).toEqual([
      500,
      "context must be one of [allocs jobs nodes node_pools evals deployment plugins volumes scaling_policy vars namespaces host_volumes] or 'all' for all contexts; got \"moons\"",
    ]);
  });
});
