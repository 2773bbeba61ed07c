import { describe, expect, test } from "vitest";
import { buildDeployment } from "../support/build.ts";
import { answerOf, start } from "../support/started.ts";
import { jobContext } from "../support/job-context.ts";

describe("views of a job", () => {
  test("versions come newest first, with diffs between neighbours or to a named one", async () => {
    const served = await start(jobContext());
    const all = await (await served.get("/v1/job/web/versions?diffs=true")).json();
    expect(all).toMatchObject({
      Versions: [{ Version: 2 }, { Version: 1 }, { Version: 0 }],
      Diffs: [{ ID: "web" }, { ID: "web" }],
      Index: 22,
    });
    const plain = await (await served.get("/v1/job/web/versions")).json();
    expect(plain).toMatchObject({ Diffs: null });
    const maybe = await served.get("/v1/job/web/versions?diffs=maybe");
    expect(await answerOf(maybe)).toEqual([
      500,
      'Failed to parse value of "diffs" (maybe) as a bool: strconv.ParseBool: parsing "maybe": invalid syntax',
    ]);
    expect(await answerOf(await served.get("/v1/job/no/versions"))).toEqual([
      404,
      "job versions not found",
    ]);
  });

  test("the scale status counts live allocations", async () => {
    const response = await (await start(jobContext())).get("/v1/job/web/scale");
    expect(await response.json()).toMatchObject({
      JobStopped: false,
      TaskGroups: { front: { Desired: 1, Placed: 1, Running: 1, Healthy: 0, Events: null } },
    });
  });

  test("a submission needs a version", async () => {
    const made = jobContext();
    made.store.tables.submissions.set("default/web/1", {
      Source: "job",
      Format: "hcl2",
      VariableFlags: null,
      Variables: "",
      JobModifyIndex: 21,
    });
    const served = await start(made);
    expect(await (await served.get("/v1/job/web/submission?version=1")).json()).toMatchObject({
      Source: "job",
      JobID: "web",
      Version: 1,
      JobModifyIndex: 21,
    });
    expect(await answerOf(await served.get("/v1/job/web/submission"))).toEqual([
      400,
      "Unable to parse job submission version parameter",
    ]);
    expect((await served.get("/v1/job/web/submission?version=9")).status).toBe(404);
  });

  test("the jobs page has the latest change first and names what it was asked for", async () => {
    const made = jobContext();
    made.store.tables.deployments.push(buildDeployment(3));
    const served = await start(made);
    const page = await served.get("/v1/jobs/statuses?namespace=*&per_page=1");
    expect(await page.json()).toMatchObject([{ ID: "cron", Allocs: null, ChildStatuses: [] }]);
    expect(page.headers.get("x-nomad-nexttoken")).toBe("22");
    const next = await served.get("/v1/jobs/statuses?per_page=1&next_token=22");
    expect(await next.json()).toMatchObject([
      {
        ID: "web",
        GroupCountSum: 1,
        LatestDeployment: { IsActive: true, RequiresPromotion: false },
      },
    ]);
    const asked = await fetch(`${served.url}/v1/jobs/statuses`, {
      method: "POST",
      body: JSON.stringify({ jobs: [{ id: "web", namespace: "default" }, { id: "gone" }] }),
    });
    expect(await asked.json()).toMatchObject([{ ID: "web" }]);
    expect((await served.put("/v1/jobs/statuses", {})).status).toBe(405);
  });
});
