import { afterEach, expect, test } from "vitest";
import type { CheckState } from "../../../src/model/check.ts";
import { buildAllocation, buildContext, buildJob, uuid } from "../support/build.ts";
import { FakeNode } from "../support/fake-node.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";
import { buildRegistered } from "../../support/build-service.ts";

let served: Served | undefined;
afterEach(() => served?.close());

const web = [1, 2].map((n) => buildRegistered(n, { JobID: buildJob("web").ID }));
const elsewhere = buildRegistered(3, { Namespace: "other", Tags: ["x"] });
async function start(overrides: Parameters<typeof buildContext>[1] = {}) {
  const context = buildContext(
    {
      services: [...web, buildRegistered(4, { ServiceName: "db", Tags: ["b", "a"] }), elsewhere],
      jobs: [buildJob("web")],
      allocations: [buildAllocation(1)],
    },
    overrides,
  );
  served = await serve(context);
  return { context, api: served };
}
const read = async (path: string) => {
  const { api } = await start();
  const response = await api.get(path);
  const text = await response.text();
  return [response.status, response.status === 200 ? JSON.parse(text) : text] as const;
};

test("all services are listed by namespace, with the tags of all their instances", async () => {
  const names = [
    { ServiceName: "db", Tags: ["a", "b"] },
    { ServiceName: "web", Tags: ["fresh"] },
  ];
  expect(await read("/v1/services")).toEqual([200, [{ Namespace: "default", Services: names }]]);
});

test("every namespace is there when all are asked for", async () => {
  const [, body] = await read("/v1/services?namespace=*");
  expect(body).toMatchObject([
    { Namespace: "default" },
    { Namespace: "other", Services: [{ ServiceName: "web", Tags: ["x"] }] },
  ]);
});

test.each([
  ["/v1/service/web", [20_001, 20_002]],
  ["/v1/service/web?namespace=*", [20_001, 20_002, 20_003]],
  ["/v1/service/web?per_page=1", [20_001]],
  [`/v1/service/web?filter=${encodeURIComponent("Port == 20002")}`, [20_002]],
  [`/v1/service/db?filter=${encodeURIComponent('Tags contains "b"')}`, [20_004]],
  ["/v1/service/nothing", []],
  ["/v1/job/web/services", [20_001, 20_002]],
  [`/v1/allocation/${uuid(1)}/services`, [20_001]],
])("%s answers with %j", async (path, ports) => {
  const [status, body] = await read(path);
  expect(status).toBe(200);
  expect(body.map(({ Port }: { Port: number }) => Port)).toEqual(ports);
});

test("one is chosen by its key", async () => {
  const [, body] = await read("/v1/service/web?choose=1%7Cabc");
  expect(body).toHaveLength(1);
});

test.each([
  [
    "/v1/service/web?choose=abc",
    400,
    "failed to choose services: Parameter for choose must be in form '<number>|<key>'",
  ],
  ["/v1/job/none/services", 404, "job not found"],
  [`/v1/allocation/${uuid(9)}/services`, 404, "allocation not found"],
])("%s is refused with %i", async (path, status, text) => {
  expect(await read(path)).toEqual([status, text]);
});

test("an instance is deleted under its name only", async () => {
  const { api, context } = await start();
  const drop = (name: string, id: string) =>
    api.get(`/v1/service/${name}/${id}`, { method: "DELETE" });
  const [one] = web;
  expect((await drop("db", one?.ID ?? "")).status).toBe(500);
  expect((await drop("web", one?.ID ?? "")).status).toBe(200);
  expect(context.store.commands).toEqual([
    { type: "service.delete", body: { namespace: "default", id: one?.ID } },
  ]);
});

const state: CheckState = {
  plan: {
    id: "c1",
    name: "alive",
    service: "web",
    task: "",
    group: "web.front[1]",
    mode: "healthiness",
    type: "http",
    target: undefined,
    protocol: "http",
    path: "/",
    method: "GET",
    headers: {},
    body: "",
    skipsTlsVerify: false,
    intervalMs: 1_000,
    timeoutMs: 1_000,
    restart: undefined,
  },
  result: { status: "success", statusCode: 200, output: "nomad: http ok", atNs: 5.5e9, sinceNs: 1 },
};

test("the checks of an allocation are there on both paths, without a code where there is none", async () => {
  const plain = {
    ...state,
    plan: { ...state.plan, id: "c2" },
    result: { ...state.result, statusCode: 0 },
  };
  const node = new FakeNode();
  node.found.push(state, plain);
  const { api } = await start({ node });
  for (const prefix of ["/v1/allocation", "/v1/client/allocation"]) {
    const body = await (await api.get(`${prefix}/${uuid(1)}/checks`)).json();
    expect(body).toEqual({
      c1: {
        ID: "c1",
        Mode: "healthiness",
        Status: "success",
        StatusCode: 200,
        Output: "nomad: http ok",
        Timestamp: 5,
        Group: "web.front[1]",
        Task: "",
        Service: "web",
        Check: "alive",
      },
      c2: expect.not.objectContaining({ StatusCode: 0 }),
    });
  }
});
