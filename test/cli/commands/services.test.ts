import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";
import { buildRegistered } from "../../support/build-service.ts";

const names = (...list: readonly string[]) => ({
  body: [
    {
      Namespace: "default",
      Services: list.map((ServiceName) => ({ ServiceName, Tags: ["b", "a"] })),
    },
  ],
});
const instances = { body: [buildRegistered(2, { JobID: "b" as never }), buildRegistered(1)] };
const table =
  "Job ID  Address         Tags     Node ID   Alloc ID\n" +
  "b       10.0.0.1:20002  [fresh]  00000001  00000002\n" +
  "shop    10.0.0.1:20001  [fresh]  00000001  00000001\n";

test("lists the services with their tags, or says that there are none", async () => {
  const listed = await runAgainst({ "GET /v1/services": names("web") }, ["service", "list"]);
  expect(listed.out).toBe("Service Name  Tags\nweb           [a,b]\n");
  const all = await runAgainst({ "GET /v1/services": names("web") }, [
    "service",
    "list",
    "-namespace=*",
  ]);
  expect(all.out).toBe("Service Name  Namespace  Tags\nweb           default    [a,b]\n");
  const none = await runAgainst({ "GET /v1/services": { body: [] } }, ["service", "list"]);
  expect([none.code, none.out]).toEqual([0, "No service registrations found\n"]);
});

test("shows the instances of a service by job", async () => {
  const routes = { "GET /v1/services": names("web", "db"), "GET /v1/service/web": instances };
  expect((await runAgainst(routes, ["service", "info", "web"])).out).toBe(table);
  const whole = await runAgainst(routes, ["service", "info", "-verbose", "web"]);
  expect(whole.out).toContain("Service Name = web\n");
  const json = await runAgainst(routes, ["service", "info", "-json", "web"]);
  expect(JSON.parse(json.out)).toHaveLength(2);
});

test("the only service there is answers to every name, as published; of several, one has to be named", async () => {
  const one = { "GET /v1/services": names("web"), "GET /v1/service/web": instances };
  expect((await runAgainst(one, ["service", "info", "tea"])).out).toBe(table);
  const many = await runAgainst({ "GET /v1/services": names("web", "db") }, [
    "service",
    "info",
    "tea",
  ]);
  expect(many.code).toBe(1);
  expect(many.err).toContain("Prefix matched multiple services\n\nService Name");
  const none = await runAgainst({ "GET /v1/services": { body: [] } }, ["service", "info", "tea"]);
  expect([none.code, none.err]).toEqual([1, 'No service registrations with prefix "tea" found\n']);
});

test("deletes one instance", async () => {
  const done = await runAgainst({ "DELETE /v1/service/web/x1": { body: "" } }, [
    "service",
    "delete",
    "web",
    "x1",
  ]);
  expect([done.code, done.out]).toEqual([0, "Successfully deleted service registration\n"]);
  const refused = await runAgainst({}, ["service", "delete", "web"]);
  expect(refused.code).toBe(1);
});
