import { afterAll, beforeAll, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: false });
  await agent.start();
});
afterAll(() => agent.cleanUp());

test("many who wait at once are all answered, and the agent warns of nothing", async () => {
  const first = await fetch(`${agent.address}/v1/jobs`);
  const index = first.headers.get("x-nomad-index") ?? "";
  await first.text();
  const waiting = Array.from({ length: 40 }, () =>
    fetch(`${agent.address}/v1/jobs?index=${index}&wait=60s`),
  );
  // Answered after them on the same machine: by then they have been taken in.
  await agent.get("/v1/nodes");
  const job = { ID: "j", Name: "j", Type: "service", TaskGroups: [group], Datacenters: ["*"] };
  expect(await agent.send("PUT", "/v1/jobs", { Job: job })).toMatchObject({ status: 200 });
  for (const answer of await Promise.all(waiting))
    expect(Number(answer.headers.get("x-nomad-index"))).toBeGreaterThan(Number(index));
  expect(agent.output()).not.toMatch(/Warning:/);
});

const group = {
  Name: "g",
  Count: 0,
  Tasks: [{ Name: "t", Driver: "raw_exec", Config: { command: "/bin/true" } }],
};
