import { afterEach, describe, expect, test } from "vitest";
import type { NodePort } from "../../../src/api/context.ts";
import type { FileFrame } from "../../../src/node/files.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { buildAllocation, buildContext, buildJob, buildNode, uuid } from "../support/build.ts";
import type { TestContext } from "../support/build.ts";
import { FakeNode, fileInfo } from "../support/fake-node.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let api: Served | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});
const answerOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  await response.text(),
];

async function start(
  node: NodePort | undefined = new FakeNode(),
): Promise<{ served: Served; context: TestContext }> {
  const context = buildContext(
    {
      jobs: [buildJob("web")],
      allocations: [
        buildAllocation(1),
        buildAllocation(2, { ClientStatus: "complete" }),
        buildAllocation(3, { TaskStates: null }),
        buildAllocation(4, { NodeID: buildNode(700).ID }),
      ],
      nodes: [buildNode(700), buildNode(800)],
    },
    { node },
  );
  api = await serve(context);
  return { served: api, context };
}

describe("files of an allocation", () => {
  test("are listed and described", async () => {
    const { served } = await start();
    expect(await (await served.get(`/v1/client/fs/ls/${uuid(1)}?path=/`)).json()).toEqual([
      fileInfo,
    ]);
    const stat = await served.get(`/v1/client/fs/stat/${uuid(1)}?path=notes.txt`);
    expect(await stat.json()).toEqual(fileInfo);
    expect(stat.headers.get("vary")).toBe("Accept-Encoding, Origin");
  });

  test("are read whole or in part, and no browser may run them", async () => {
    const { served } = await start();
    const whole = await served.get(`/v1/client/fs/cat/${uuid(1)}?path=notes.txt`);
    expect(whole.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(whole.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answerOf(whole)).toEqual([200, "abcdefghij"]);
    const part = await served.get(`/v1/client/fs/readat/${uuid(1)}?path=n&offset=2&limit=3`);
    expect(await answerOf(part)).toEqual([200, "cde"]);
  });

  test("stream in frames with nothing between them", async () => {
    const node = new FakeNode();
    const { served } = await start(node);
    const response = await served.get(
      `/v1/client/fs/stream/${uuid(1)}?path=n&offset=2&follow=false`,
    );
    expect(await answerOf(response)).toEqual([200, '{"Data":"YWJj","File":"f","Offset":3}']);
    expect(node.calls).toEqual([
      ["stream", { allocationId: uuid(1), path: "n", origin: "start", offset: 2, follow: false }],
    ]);
  });

  test.each([
    [`ls/`, 400, "must provide a valid alloc id"],
    [`stat/${uuid(1)}?path=../..`, 500, "Path escapes the alloc directory"],
    [`stat/${uuid(1)}?path=nope`, 404, "open nope: no such file or directory"],
    [`cat/${uuid(1)}?path=nope`, 200, "open nope: no such file or directory"],
    [`cat/${uuid(1)}?path=dir`, 200, 'file "dir" is a directory'],
    [
      `readat/${uuid(1)}?path=n&limit=4`,
      200,
      'error parsing offset: strconv.ParseInt: parsing "": invalid syntax',
    ],
    [
      `readat/${uuid(1)}?path=n&offset=two&limit=4`,
      200,
      'error parsing offset: strconv.ParseInt: parsing "two": invalid syntax',
    ],
    [
      `readat/${uuid(1)}?path=n&offset=0&limit=99999999999999999999`,
      200,
      'error parsing limit: strconv.ParseInt: parsing "99999999999999999999": value out of range',
    ],
    [`readat/${uuid(1)}?path=n&offset=-1&limit=4`, 400, "offset must not be negative, and is -1"],
    [`readat/${uuid(1)}?path=n&offset=0&limit=-4`, 400, "limit must not be negative, and is -4"],
    [`ls/${uuid(99)}`, 404, `Unknown allocation "${uuid(99)}"`],
    [`ls/${uuid(4)}`, 404, "No path to node"],
    [`dance/${uuid(1)}`, 404, "Invalid method"],
    [`logs/${uuid(1)}?type=stdout`, 400, "must provide task name"],
    [`logs/${uuid(1)}?task=web&type=stdfoo`, 400, "must provide log type (stdout/stderr)"],
    [`logs/${uuid(1)}?task=nope&type=stdout`, 400, 'unknown task name "nope"'],
    [`logs/${uuid(1)}?task=web&type=stdout&origin=middle`, 400, "origin must be start or end"],
    [`logs/${uuid(3)}?task=web&type=stdout`, 404, 'task "web" not started yet. No logs available'],
  ])("%s answers %i", async (path, status, text) => {
    const { served } = await start();
    expect(await answerOf(await served.get(`/v1/client/fs/${path}`))).toEqual([status, text]);
  });
});

describe("logs of a task", () => {
  test("come plain or in frames, from where they are asked", async () => {
    const node = new FakeNode();
    const { served } = await start(node);
    const path = `/v1/client/fs/logs/${uuid(1)}?task=web&type=stdout&origin=end&offset=14`;
    const plain = await served.get(`${path}&plain=true`);
    expect(plain.headers.get("content-type")).toBe("text/plain");
    expect(await plain.text()).toBe("line 1\nline 2\n");
    const framed = await served.get(`${path}&follow=true`);
    expect(framed.headers.get("content-type")).toBe("application/json");
    expect(await framed.text()).toBe(
      '{"Data":"bGluZSAxCg==","File":"f","Offset":7}{"Data":"bGluZSAyCg==","File":"f","Offset":14}',
    );
    expect(node.calls[1]).toEqual([
      "logs",
      {
        allocationId: uuid(1),
        task: "web",
        stream: "stdout",
        origin: "end",
        offset: 14,
        follow: true,
      },
    ]);
  });

  test("that fail before the first byte still have a status", async () => {
    const node = new FakeNode();
    node.files.logs = async function* logs() {
      yield await Promise.reject<FileFrame>(new AppError("not-found", "log file is gone"));
    };
    const { served } = await start(node);
    const path = `/v1/client/fs/logs/${uuid(1)}?task=web&type=stdout&plain=true`;
    expect(await answerOf(await served.get(path))).toEqual([404, "log file is gone"]);
  });

  test("that fail in the middle end in a broken connection, not in a seemingly whole text", async () => {
    const node = new FakeNode();
    node.files.logs = async function* logs() {
      yield await Promise.resolve({ file: "f", offset: 1, data: Buffer.from("a") });
      yield await Promise.reject<FileFrame>(new Error("disk gone"));
    };
    const { served } = await start(node);
    const path = `/v1/client/fs/logs/${uuid(1)}?task=web&type=stdout&plain=true`;
    await expect(served.get(path).then((response) => response.text())).rejects.toThrow();
  });

  test("stop being read when the reader goes away", async () => {
    const node = new FakeNode();
    const stopped = new Promise<void>((resolve) => {
      node.files.logs = async function* logs({ signal }) {
        yield await Promise.resolve({ file: "f", offset: 1, data: Buffer.from("a") });
        await new Promise<void>((go) => {
          signal.addEventListener("abort", () => {
            go();
          });
        });
        resolve();
      };
    });
    const { served } = await start(node);
    const reader = new AbortController();
    const path = `/v1/client/fs/logs/${uuid(1)}?task=web&type=stdout&follow=true`;
    const response = await served.get(path, { signal: reader.signal });
    await response.body?.getReader().read();
    reader.abort();
    await stopped;
  });
});

describe("tasks of an allocation", () => {
  test("restart and take signals", async () => {
    const node = new FakeNode();
    const { served } = await start(node);
    const path = `/v1/client/allocation/${uuid(1)}`;
    expect(await (await served.put(`${path}/restart`, { TaskName: "web" })).json()).toEqual({
      Index: 0,
    });
    await served.put(`${path}/restart`, { AllTasks: true });
    await served.put(`${path}/restart`);
    await served.put(`${path}/signal`, { Task: "web", Signal: "SIGHUP" });
    expect(node.calls).toEqual([
      ["restart", uuid(1), "web", false],
      ["restart", uuid(1), null, true],
      ["restart", uuid(1), null, false],
      ["signal", uuid(1), "web", "SIGHUP"],
    ]);
  });

  test.each([
    [
      1,
      "restart",
      { TaskName: "web", AllTasks: true },
      "task name cannot be set when restarting all tasks",
    ],
    [2, "restart", {}, "restart of an alloc that should not run"],
    [1, "signal", { Task: "nope", Signal: "SIGHUP" }, "Task not found"],
  ])("of allocation %i refuse a %s with %j", async (n, verb, body, text) => {
    const { served } = await start();
    const response = await served.put(`/v1/client/allocation/${uuid(n)}/${verb}`, body);
    expect(await answerOf(response)).toEqual([500, text]);
  });

  test("leave their files behind until those are collected", async () => {
    const node = new FakeNode();
    const { served } = await start(node);
    const ended = await served.put(`/v1/client/allocation/${uuid(2)}/gc`);
    expect(await answerOf(ended)).toEqual([200, ""]);
    const running = await served.get(`/v1/client/allocation/${uuid(1)}/gc`);
    expect(await answerOf(running)).toEqual([500, `allocation "${uuid(1)}" has not ended yet`]);
    expect(node.calls).toEqual([
      ["collect", uuid(2)],
      ["collect", uuid(1)],
    ]);
  });

  test("do not dance", async () => {
    const { served } = await start();
    const response = await served.get(`/v1/client/allocation/${uuid(1)}/dance`);
    expect(await answerOf(response)).toEqual([404, "resource not found"]);
  });

  test("are measured, summed and one by one", async () => {
    const { served } = await start();
    const response = await served.get(`/v1/client/allocation/${uuid(1)}/stats`);
    expect(await response.json()).toMatchObject({
      ResourceUsage: { MemoryStats: { RSS: 20 }, CpuStats: { TotalTicks: 60, Percent: 3 } },
      Tasks: { web: { ResourceUsage: { MemoryStats: { Usage: 11 } }, Pids: null } },
    });
  });
});

describe("the host", () => {
  test("clears away what has ended, whatever refuses", async () => {
    const node = new FakeNode();
    const { served, context } = await start(node);
    const ended = buildAllocation(1, { ClientStatus: "failed" });
    context.store.tables.allocations[0] = ended;
    expect(await answerOf(await served.put("/v1/client/gc"))).toEqual([200, ""]);
    // The first refuses, as it is still ending; the second goes; the others have not ended or are elsewhere.
    expect(node.calls).toEqual([
      ["collect", uuid(1)],
      ["collect", uuid(2)],
    ]);
    const elsewhere = await served.put(`/v1/client/gc?node_id=${uuid(700)}`);
    expect(await answerOf(elsewhere)).toEqual([404, "No path to node"]);
  });

  test("is measured here, for this node's id or none", async () => {
    const { served } = await start();
    for (const query of ["", `?node_id=${uuid(800)}`]) {
      const response = await served.get(`/v1/client/stats${query}`, {
        headers: { origin: "http://example.test" },
      });
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(await response.text()).toContain('"Timestamp":1700000000123456000');
    }
  });

  test("elsewhere needs a way there, and a server alone needs to know which", async () => {
    const { served } = await start();
    expect(await answerOf(await served.get(`/v1/client/stats?node_id=${uuid(700)}`))).toEqual([
      404,
      "No path to node",
    ]);
    const unknown = await served.get(`/v1/client/stats?node_id=${uuid(1)}`);
    expect(await answerOf(unknown)).toEqual([404, `Unknown node "${uuid(1)}"`]);
    await api?.close();
    const alone = buildContext();
    api = await serve(alone);
    expect(await answerOf(await api.get("/v1/client/stats"))).toEqual([
      400,
      "No local Node and node_id not provided",
    ]);
  });

  test("may be asked about by pages of other origins", async () => {
    const { served } = await start();
    const response = await served.get("/v1/client/stats", {
      method: "OPTIONS",
      headers: { origin: "http://example.test", "access-control-request-method": "GET" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toBe("GET");
    expect(response.headers.get("vary")).toBe(
      "Accept-Encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    );
  });
});

describe("the pause of a task", () => {
  const path = `/v1/client/allocation/${uuid(1)}/pause`;
  const put = (served: Served, body: object): Promise<Response> => served.put(path, body);

  test("is set and taken away on the node that runs it", async () => {
    const node = new FakeNode();
    const { served } = await start(node);
    for (const ScheduleState of ["pause", "run"])
      expect(await answerOf(await put(served, { Task: "web", ScheduleState }))).toEqual([
        200,
        '{"Index":0}',
      ]);
    expect(node.calls).toEqual([
      ["pause", uuid(1), "web", true],
      ["pause", uuid(1), "web", false],
    ]);
  });

  test("is read back in the same words", async () => {
    const { served } = await start();
    expect(await answerOf(await served.get(`${path}?task=web`))).toEqual([
      200,
      '{"ScheduleState":"run"}',
    ]);
  });

  test("is refused without a task, for an unknown one, and for what has ended", async () => {
    const { served } = await start();
    const refused = async (body: object, of = path): Promise<[number, string]> =>
      answerOf(await served.put(of, body));
    const asked = { Task: "web", ScheduleState: "pause" };
    expect(await refused({ ScheduleState: "pause" })).toEqual([400, "task name must be set"]);
    expect(await refused({ ...asked, Task: "nobody" })).toEqual([500, "Task not found"]);
    expect(await refused({ ...asked, ScheduleState: "halt" })).toEqual([
      400,
      'invalid schedule state "halt": must be pause or run',
    ]);
    expect(await refused({ ...asked, ScheduleState: "scheduled" })).toEqual([
      500,
      "Enterprise only",
    ]);
    expect(await refused(asked, `/v1/client/allocation/${uuid(2)}/pause`)).toEqual([
      500,
      "pause of an alloc that should not run",
    ]);
  });
});
