import { afterEach, describe, expect, test } from "vitest";
import { gunzipSync } from "node:zlib";
import { get as rawGet } from "node:http";
import { buildContext, buildEvaluation, buildJob } from "../support/build.ts";
import type { TestContext } from "../support/build.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let api: Served | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});
const start = async (context: TestContext): Promise<Served> => (api = await serve(context));

const jobs = ["a", "b", "c", "d", "e"].map((id, at) =>
  buildJob(id, { Priority: at % 2 === 0 ? 50 : 60, Meta: { n: id } }),
);
const ids = (rows: unknown): string[] => (rows as { ID: string }[]).map((row) => row.ID);
/** Every page of a list, and the tokens between them. */
async function pages(served: Served, path: string): Promise<string[][]> {
  const all: string[][] = [];
  let token = "";
  do {
    const response = await served.get(`${path}&next_token=${token}`);
    all.push(ids(await response.json()));
    token = response.headers.get("x-nomad-nexttoken") ?? "";
  } while (token !== "");
  return all;
}

describe("a list", () => {
  test("comes in pages, the last one without a token", async () => {
    const served = await start(buildContext({ jobs: [...jobs] }));
    expect(await pages(served, "/v1/jobs?per_page=2")).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(await pages(served, "/v1/jobs?per_page=5")).toEqual([["a", "b", "c", "d", "e"]]);
    expect(await pages(served, "/v1/jobs?per_page=2&reverse=true")).toEqual([
      ["e", "d"],
      ["c", "b"],
      ["a"],
    ]);
  });

  test("counts what the filter lets through, also over many chunks", async () => {
    const many = Array.from({ length: 1000 }, (_, n) =>
      buildEvaluation(n + 1, { Priority: n % 100 === 7 ? 77 : 50 }),
    );
    const served = await start(buildContext({ jobs: [...jobs], evaluations: many }));
    const filter = encodeURIComponent("Priority == 60");
    expect(await pages(served, `/v1/jobs?per_page=1&filter=${filter}`)).toEqual([["b"], ["d"]]);
    const rare = await pages(
      served,
      `/v1/evaluations?per_page=4&filter=${encodeURIComponent("Priority == 77")}`,
    );
    expect(rare.map((page) => page.length)).toEqual([4, 4, 2]);
    const count = await served.get(
      `/v1/evaluations/count?filter=${encodeURIComponent("Priority == 77")}`,
    );
    expect(await count.json()).toMatchObject({ Count: 10, KnownLeader: true });
  });

  test("is filtered by the whole object, not by the line that it shows", async () => {
    const served = await start(buildContext({ jobs: [...jobs] }));
    const response = await served.get(`/v1/jobs?filter=${encodeURIComponent('Meta.n == "c"')}`);
    const body = await response.json();
    expect(ids(body)).toEqual(["c"]);
    expect(body).not.toHaveProperty("0.Meta");
    const bad = await served.get(`/v1/jobs?filter=${encodeURIComponent("Meta.n ==")}`);
    expect(bad.status).toBe(400);
    expect(await bad.text()).toMatch(/^failed to create result paginator: /);
  });

  test("holds one namespace, or all", async () => {
    const served = await start(
      buildContext({ jobs: [buildJob("a"), buildJob("z", { Namespace: "team" })] }),
    );
    expect(ids(await (await served.get("/v1/jobs")).json())).toEqual(["a"]);
    expect(ids(await (await served.get("/v1/jobs?namespace=team")).json())).toEqual(["z"]);
    expect(ids(await (await served.get("/v1/jobs?namespace=*")).json())).toEqual(["a", "z"]);
  });

  test("kept from before is not shown once the table has changed", async () => {
    const context = buildContext({ jobs: [buildJob("a")] });
    const served = await start(context);
    expect(ids(await (await served.get("/v1/jobs")).json())).toEqual(["a"]);
    context.store.tables.jobs.push(buildJob("b"));
    expect(ids(await (await served.get("/v1/jobs")).json())).toEqual(["a"]);
    context.store.changed("jobs", "default/b");
    expect(ids(await (await served.get("/v1/jobs")).json())).toEqual(["a", "b"]);
    expect(ids(await (await served.get("/v1/jobs?prefix=b")).json())).toEqual(["b"]);
  });

  test("is indented with four spaces when it shall be pretty, and packed when asked", async () => {
    const served = await start(buildContext({ jobs: [...jobs] }));
    const pretty = await (await served.get("/v1/jobs?prefix=a&pretty")).text();
    expect(pretty.startsWith('[\n    {\n        "ID": "a",')).toBe(true);
    expect(pretty.endsWith("]\n")).toBe(true);
    expect(await (await served.get("/v1/jobs?prefix=a&pretty=0")).text()).not.toContain("\n");
    const packed = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
      rawGet(`${served.url}/v1/jobs`, { headers: { "accept-encoding": "gzip" } }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve({ encoding: response.headers["content-encoding"], body: Buffer.concat(chunks) });
        });
      });
    });
    expect(packed.encoding).toBe("gzip");
    expect(ids(JSON.parse(gunzipSync(packed.body).toString()))).toHaveLength(5);
  });
});
