import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

const id = "11111111-aaaa-bbbb-cccc-dddddddddddd";
const stub = {
  ID: id,
  Enabled: true,
  Type: "horizontal",
  Target: { Group: "hall", Job: "web", Namespace: "default" },
};

test("lists policies with their targets, or says that there are none", async () => {
  const listed = await runAgainst({ "GET /v1/scaling/policies": { body: [stub] } }, [
    "scaling",
    "policy",
    "list",
    "-job=web",
  ]);
  expect(listed.out).toBe(
    "ID        Enabled  Type        Target\n11111111  true     horizontal  Namespace:default,Job:web,Group:hall\n",
  );
  expect(listed.requests[0]?.query.toString()).toBe("job=web");
  const none = await runAgainst({ "GET /v1/scaling/policies": { body: [] } }, [
    "scaling",
    "policy",
    "list",
  ]);
  expect([none.code, none.out]).toEqual([0, "No policies found\n"]);
});

test("shows one by the beginning of its id", async () => {
  const routes = {
    "GET /v1/scaling/policies": { body: [stub] },
    [`GET /v1/scaling/policy/${id}`]: {
      body: { ...stub, Min: 1, Max: 4, Policy: { cooldown: "1m" } },
    },
  };
  const shown = await runAgainst(routes, ["scaling", "policy", "info", "1111"]);
  expect(shown.out).toBe(
    'ID      = 11111111\nEnabled = true\nTarget  = Namespace:default,Job:web,Group:hall\nMin     = 1\nMax     = 4\n\nPolicy:\n{\n    "cooldown": "1m"\n}\n',
  );
  const none = await runAgainst({ "GET /v1/scaling/policies": { body: [] } }, [
    "scaling",
    "policy",
    "info",
    "22",
  ]);
  expect([none.code, none.err]).toEqual([1, 'no scaling policies with prefix or ID "22" found\n']);
});
