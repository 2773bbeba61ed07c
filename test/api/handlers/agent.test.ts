import { describe, expect, test } from "vitest";
import { answerOf, start } from "../support/started.ts";
import { clusterContext } from "../support/cluster-context.ts";

describe("the agent", () => {
  test("tells of itself, its members, its regions and its leader", async () => {
    const served = await start(clusterContext());
    expect(await (await served.get("/v1/agent/self")).json()).toMatchObject({
      config: { Region: "global" },
      member: { Name: "n1.global" },
      stats: { nomad: { leader: "true" } },
    });
    expect(await (await served.get("/v1/agent/members")).json()).toMatchObject({
      ServerName: "n1",
      ServerRegion: "global",
      ServerDC: "dc1",
      Members: [{ Status: "alive" }],
    });
    expect(await (await served.get("/v1/regions")).json()).toEqual(["global"]);
    const leader = await served.get("/v1/status/leader");
    expect(leader.headers.get("x-nomad-index")).toBeNull();
    expect(await answerOf(leader)).toEqual([200, '"127.0.0.1:4647"']);
  });

  test("is well with a leader and says so when it is not", async () => {
    const made = clusterContext();
    const served = await start(made);
    expect(await (await served.get("/v1/agent/health")).json()).toEqual({
      server: { ok: true, message: "ok" },
    });
    expect(await (await served.get("/v1/agent/health?type=moon")).json()).toEqual({});
    const client = await served.get("/v1/agent/health?type=client");
    expect(client.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await answerOf(client)).toEqual([
      500,
      '{"client":{"ok":false,"message":"client not enabled"}}',
    ]);
    made.store.leader = undefined;
    expect((await served.get("/v1/agent/health")).status).toBe(500);
  });

  test.each([
    ["PUT", "/v1/agent/join", 400, "missing address to join"],
    ["GET", "/v1/agent/join?address=127.0.0.1:9", 405, "Invalid method"],
    ["PUT", "/v1/agent/join?address=a", 200, '{"error":"","num_joined":1,"warning":""}'],
    ["PUT", "/v1/agent/force-leave", 400, "missing node to force leave"],
    ["PUT", "/v1/agent/force-leave?node=nobody", 200, ""],
    ["GET", "/v1/agent/servers", 501, "Invalid method"],
    ["GET", "/v1/agent/monitor?log_level=whisper", 400, "Unknown log level: whisper"],
    ["GET", "/v1/agent/monitor?plain=true", 200, "one line\n"],
    ["GET", "/v1/agent/monitor", 200, '{"Data":"b25lIGxpbmUK","FileEvent":"log"}'],
    ["GET", "/v1/operator/license", 204, ""],
    ["PUT", "/v1/operator/license", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/operator/utilization", 405, "Invalid method"],
    ["GET", "/v1/quotas", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/sentinel/policies", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/acl/policies", 400, "ACL support disabled"],
    ["GET", "/v1/volumes?type=csi", 200, "[]"],
    ["GET", "/v1/volumes?type=moon", 404, "resource not found"],
    ["GET", "/v1/volume/csi/none", 404, "volume not found"],
    ["PUT", "/v1/system/reconcile/summaries", 200, ""],
    ["POST", "/v1/system/gc", 405, "Invalid method"],
    ["GET", "/v1/metrics?format=prometheus", 415, "Prometheus is not enabled"],
  ])("%s %s answers %i", async (method, path, status, text) => {
    const served = await start(clusterContext());
    expect(await answerOf(await served.get(path, { method }))).toEqual([status, text]);
  });

  test("has a made-up token while there is no access control", async () => {
    const response = await (await start(clusterContext())).get("/v1/acl/token/self");
    expect(await response.json()).toMatchObject({
      AccessorID: "acls-disabled",
      Type: "client",
      CreateTime: "0001-01-01T00:00:00Z",
    });
  });

  test("shows a page that says what runs here, with nothing in it that it was told", async () => {
    const served = await start(clusterContext({ nodeName: "<script>" }));
    for (const path of ["/", "/ui/", "/ui/jobs/web"]) {
      const response = await served.get(path);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const text = await response.text();
      expect(text).toContain("&lt;script&gt;");
      expect(text).not.toContain("<script>");
    }
  });

  test("collects garbage by force and measures", async () => {
    const forced: boolean[] = [];
    const served = await start(
      clusterContext({
        collectGarbage: (force) => {
          forced.push(force);
          return Promise.resolve();
        },
      }),
    );
    const response = await served.put("/v1/system/gc", {});
    expect([response.status, response.headers.get("x-nomad-index")]).toEqual([200, null]);
    expect(forced).toEqual([true]);
    expect(await (await served.get("/v1/metrics")).json()).toMatchObject({
      Timestamp: "2023-11-14 22:13:20 +0000 UTC",
      Gauges: [{ Name: "nomad.jobs", Value: 1 }],
    });
  });
});

describe("the scheduler's switches", () => {
  test("are read and set, by comparison when asked", async () => {
    const made = clusterContext();
    made.store.outcome = () => ({ updated: true });
    const served = await start(made);
    const path = "/v1/operator/scheduler/configuration";
    expect(await (await served.get(path)).json()).toMatchObject({
      SchedulerConfig: { SchedulerAlgorithm: "binpack" },
      KnownLeader: true,
    });
    const body = {
      SchedulerAlgorithm: "spread",
      PreemptionConfig: { SystemSchedulerEnabled: true },
    };
    expect(await (await served.put(`${path}?cas=7`, body)).json()).toEqual({
      Updated: true,
      Index: 101,
    });
    expect(made.store.commands).toMatchObject([
      { body: { checkIndex: 7, config: { SchedulerAlgorithm: "spread" } } },
    ]);
    expect(await answerOf(await served.put(path, { SchedulerAlgorithm: "moon" }))).toEqual([
      400,
      "invalid scheduler algorithm: moon",
    ]);
  });
});
