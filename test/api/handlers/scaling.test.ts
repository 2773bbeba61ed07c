import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { buildContext, buildJob, group } from "../support/build.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let api: Served | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const recorded = (name: string): unknown =>
  (JSON.parse(readFileSync(`test/golden/data/api/${name}.json`, "utf8")) as { body: unknown }).body;
const scaled = (name: string, stop = false) =>
  buildJob(name, {
    Stop: stop,
    JobModifyIndex: 33,
    TaskGroups: [
      {
        ...group,
        Scaling: {
          ID: `policy-${name}`,
          Type: "horizontal",
          Target: { Namespace: "default", Job: name, Group: "hall" },
          Policy: { brew: "slow" },
          Min: 1,
          Max: 4,
          Enabled: true,
          CreateIndex: 0,
          ModifyIndex: 0,
        },
      },
    ],
  });

test("policies are those of the jobs that are not stopped", async () => {
  api = await serve(
    buildContext({ jobs: [scaled("teahouse"), scaled("faded", true), buildJob("plain")] }),
  );
  const indexes = { ID: "policy-teahouse", CreateIndex: 20, ModifyIndex: 33 };
  const [stub] = recorded("scaling-policies") as object[];
  expect(await (await api.get("/v1/scaling/policies")).json()).toEqual([{ ...stub, ...indexes }]);
  expect(await (await api.get("/v1/scaling/policies?job=plain")).json()).toEqual([]);
  expect(await (await api.get("/v1/scaling/policies?type=vertical")).json()).toEqual([]);
  const one = await api.get("/v1/scaling/policy/policy-teahouse");
  expect(one.headers.get("x-nomad-index")).toBe("33");
  expect(await one.json()).toEqual({ ...(recorded("scaling-policy-read") as object), ...indexes });
  expect((await api.get("/v1/scaling/policy/policy-faded")).status).toBe(404);
});
