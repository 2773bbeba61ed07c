import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { CommandAsked } from "../../../src/api/context.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { openWebSocket } from "../../../src/lib/system/websocket.ts";
import { buildAllocation, buildContext, buildJob, buildNode, uuid } from "../support/build.ts";
import { FakeNode } from "../support/fake-node.ts";
import { serve, type Served } from "../support/serve.ts";
import { until } from "../../support/until.ts";

let api: Served | undefined;
afterEach(() => api?.close());

interface Heard {
  asked: CommandAsked | undefined;
  readonly input: string[];
  isClosed: boolean;
}
/** A command that prints what it is given, until its input ends. */
function echoing(code: number): { readonly node: FakeNode; readonly heard: Heard } {
  const heard: Heard = { asked: undefined, input: [], isClosed: false };
  const node = new FakeNode();
  node.run = (task, asked) => {
    if (asked.command[0] === "late")
      throw new AppError("conflict", `task "${task}" is not running.`);
    heard.asked = asked;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    async function* output() {
      yield { stream: "stderr" as const, data: Buffer.from("warn") };
      await ended;
      yield { stream: "stdout" as const, data: Buffer.from(heard.input.join("")) };
    }
    return {
      write: (data) => void heard.input.push(Buffer.from(data).toString()),
      endInput: () => end(),
      resize: (columns, rows) => void heard.input.push(`[${columns}x${rows}]`),
      output: output(),
      exit: ended.then(() => code),
      close: () => {
        heard.isClosed = true;
        end();
      },
    };
  };
  return { node, heard };
}

async function start(code = 0): Promise<{ readonly url: string; readonly heard: Heard }> {
  const { node, heard } = echoing(code);
  const context = buildContext(
    { jobs: [buildJob("web")], allocations: [buildAllocation(1)], nodes: [buildNode(800)] },
    { node },
  );
  api = await serve(context);
  return { url: `${api.url.replace("http", "ws")}/v1/client/allocation`, heard };
}
const asked = `${uuid(1)}/exec?task=web&tty=true&command=${encodeURIComponent('["cat","-"]')}`;
const encoded = (text: string): string => Buffer.from(text).toString("base64");

test("input, size and end of input reach the command, its output and exit code come back", async () => {
  const { url, heard } = await start(3);
  const socket = await openWebSocket(`${url}/${asked}`, { headers: {} });
  await socket.send(JSON.stringify({ tty_size: { height: 44, width: 133 } }));
  await socket.send("{}");
  await socket.send(JSON.stringify({ stdin: { data: encoded("hi") } }));
  await socket.send(JSON.stringify({ stdin: { close: true } }));
  const messages: unknown[] = [];
  for await (const message of socket.messages) messages.push(JSON.parse(message));
  expect(messages).toEqual([
    { stderr: { data: encoded("warn") } },
    { stdout: { data: encoded("[133x44]hi") } },
    { stdout: { close: true } },
    { stderr: { close: true } },
    { exited: true, result: { exit_code: 3 } },
  ]);
  expect(heard.asked).toMatchObject({ command: ["cat", "-"], tty: true });
  expect(await socket.closed).toEqual({ code: 1000, reason: "" });
});

test("an exit code of 0 is an empty result, as clients know it", async () => {
  const { url } = await start();
  const socket = await openWebSocket(`${url}/${asked}`, { headers: {} });
  await socket.send(JSON.stringify({ stdin: { close: true } }));
  let last: unknown;
  for await (const message of socket.messages) last = JSON.parse(message);
  expect(last).toEqual({ exited: true, result: {} });
});

test("a person who goes away ends the command", async () => {
  const { url, heard } = await start();
  const socket = await openWebSocket(`${url}/${asked}`, { headers: {} });
  await until("the command", () => heard.asked);
  socket.close(1000);
  await until("its end", () => heard.isClosed);
});

test.each([
  ["task=web&command=%5B%22late%22%5D", 1011, 'task "web" is not running.'],
  ["task=nope&command=%5B%22a%22%5D", 1008, 'unknown task name "nope"'],
])("%s is refused with a close of %i", async (query, code, reason) => {
  const { url } = await start();
  const socket = await openWebSocket(`${url}/${uuid(1)}/exec?${query}`, { headers: {} });
  expect(await socket.closed).toEqual({ code, reason });
});

test.each([
  [`${uuid(1)}/exec?command=%5B%22a%22%5D`, 400, "task is required"],
  [`${uuid(1)}/exec?task=web`, 400, "command must be a JSON list of words"],
  [`${uuid(1)}/exec?task=web&command=%5B%5D`, 400, "command must be a JSON list of words"],
  [`${uuid(1)}/exec?task=web&tty=maybe&command=%5B%22a%22%5D`, 400, "tty value is not a boolean"],
  [`${uuid(1)}/stats`, 404, "no websocket here"],
])("%s is answered before anything is opened", async (path, status, text) => {
  const { url } = await start();
  const refused = openWebSocket(`${url}/${path}`, { headers: {} });
  await expect(refused).rejects.toMatchObject({ status, body: expect.stringContaining(text) });
});

test("a page of another site is refused, the agent's own is not", async () => {
  const { url } = await start();
  const other = openWebSocket(`${url}/${asked}`, { headers: { Origin: "http://evil.example" } });
  await expect(other).rejects.toMatchObject({ status: 403 });
  const Origin = new URL(url.replace("ws", "http")).origin;
  const own = await openWebSocket(`${url}/${asked}`, { headers: { Origin } });
  own.close(1000);
});

test("a browser's token is its first message, and nothing else will do", async () => {
  const { url, heard } = await start();
  const path = `${url}/${asked}&ws_handshake=true`;
  const good = await openWebSocket(path, { headers: {} });
  await good.send(JSON.stringify({ version: 1, auth_token: "" }));
  await until("the command", () => heard.asked);
  good.close(1000);
  const bad = await openWebSocket(path, { headers: {} });
  await bad.send("{}");
  expect((await bad.closed).code).toBe(1011);
});

test("a plain request is told what the route speaks", async () => {
  await start();
  const answer = await api?.get(`/v1/client/allocation/${asked}`);
  expect(answer?.status).toBe(400);
});

test("a message of another size or kind than text does not end the agent", async () => {
  const { url } = await start();
  const socket = new WebSocket(`${url}/${asked}`);
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(Buffer.from([1, 2, 3]));
  socket.send("no json");
  socket.send("x".repeat(5 * 1024 * 1024));
  const code = await new Promise((resolve) => socket.once("close", resolve));
  expect(code).toBe(1009);
  expect((await api?.get("/v1/status/leader"))?.status).toBe(200);
});
