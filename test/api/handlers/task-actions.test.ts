import { afterEach, expect, test } from "vitest";
import type { CommandAsked } from "../../../src/api/context.ts";
import { openWebSocket } from "../../../src/lib/system/websocket.ts";
import type { Job } from "../../../src/model/job.ts";
import { buildAllocation, buildContext, buildJob, buildNode, uuid } from "../support/build.ts";
import { buildRun, FakeNode } from "../support/fake-node.ts";
import { serve, type Served } from "../support/serve.ts";

let api: Served | undefined;
afterEach(() => api?.close());

const withActions = (job: Job): Job => ({
  ...job,
  TaskGroups: job.TaskGroups.map((group) => ({
    ...group,
    Tasks: group.Tasks.map((task) => ({
      ...task,
      Actions: [
        { Name: "greet", Command: "/bin/echo", Args: ["good", "morning"] },
        { Name: "bare", Command: "/bin/true", Args: null },
      ],
    })),
  })),
});

async function start(): Promise<{ readonly url: string; readonly asked: CommandAsked[] }> {
  const asked: CommandAsked[] = [];
  const node = new FakeNode();
  node.run = (_, command) => {
    asked.push(command);
    return buildRun({ exit: Promise.resolve(4) });
  };
  const context = buildContext(
    {
      jobs: [withActions(buildJob("web")), buildJob("other")],
      allocations: [buildAllocation(1)],
      nodes: [buildNode(800)],
    },
    { node },
  );
  api = await serve(context);
  return { url: api.url, asked };
}
const at = (url: string, query: string, job = "web"): string =>
  `${url.replace("http", "ws")}/v1/job/${job}/action?${query}`;

test("the actions of a job are listed with where they run", async () => {
  await start();
  const answer = await api?.get("/v1/job/web/actions");
  expect(await answer?.json()).toEqual([
    {
      Name: "greet",
      Command: "/bin/echo",
      Args: ["good", "morning"],
      TaskName: "web",
      TaskGroupName: "front",
    },
    { Name: "bare", Command: "/bin/true", Args: null, TaskName: "web", TaskGroupName: "front" },
  ]);
  expect((await api?.get("/v1/job/nothing/actions"))?.status).toBe(404);
});

test("an action runs as the command that the job's author wrote", async () => {
  const { url, asked } = await start();
  const query = `action=greet&task=web&group=web&tty=true&allocID=${uuid(1)}`;
  const socket = await openWebSocket(at(url, query), { headers: {} });
  const messages: unknown[] = [];
  for await (const message of socket.messages) messages.push(JSON.parse(message));
  expect(asked).toEqual([{ command: ["/bin/echo", "good", "morning"], tty: true }]);
  expect(messages[0]).toEqual({ stdout: { data: Buffer.from("hello").toString("base64") } });
  expect(messages.at(-1)).toEqual({ exited: true, result: { exit_code: 4 } });
});

test.each([
  [`action=nope&task=web&allocID=${uuid(1)}`, "web", "action nope not found in task web"],
  [`action=greet&task=nope&allocID=${uuid(1)}`, "web", 'unknown task name "nope"'],
  [`action=greet&task=web&allocID=${uuid(1)}`, "other", `Unknown allocation "${uuid(1)}"`],
  [`action=greet&task=web&allocID=${uuid(1)}`, "nothing", "job not found"],
  [`action=greet&task=web&allocID=${uuid(1)}&namespace=else`, "web", "job not found"],
])("%s of the job %s ends with a reason", async (query, job, reason) => {
  const { url, asked } = await start();
  const socket = await openWebSocket(at(url, query, job), { headers: {} });
  expect((await socket.closed).reason).toBe(reason);
  expect(asked).toEqual([]);
});

test.each(["task=web&allocID=x", "action=a&allocID=x", "action=a&task=web"])(
  "%s lacks something and is answered before anything is opened",
  async (query) => {
    const { url } = await start();
    const refused = openWebSocket(at(url, query), { headers: {} });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  },
);
