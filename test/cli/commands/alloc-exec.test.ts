import { createServer, type Server } from "node:http";
import { PassThrough, Writable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { runCli } from "../../../src/cli/main.ts";
import { acceptWebSocket, type TextSocket } from "../../../src/lib/system/websocket.ts";
import { buildGroup, buildJob, buildTask } from "../../support/build-job.ts";
import { until } from "../../support/until.ts";

const id = "11111111-0000-0000-0000-000000000000";
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Talk = (socket: TextSocket) => Promise<void>;
interface Agent {
  readonly address: string;
  readonly asked: URL[];
  readonly heard: unknown[];
}

/** An agent with one allocation; `talk` is its side of a session, undefined refuses one. */
async function agentWith(tasks: readonly string[], talk?: Talk): Promise<Agent> {
  const [asked, heard]: [URL[], unknown[]] = [[], []];
  const group = buildGroup({ Name: "front", Tasks: tasks.map((Name) => buildTask({ Name })) });
  const allocation = {
    ID: id,
    Namespace: "default",
    JobID: "web",
    TaskGroup: "front",
    ClientStatus: "running",
    Job: buildJob({ TaskGroups: [group] }),
  };
  const answers: Record<string, unknown> = {
    "/v1/allocations": [allocation],
    [`/v1/allocation/${id}`]: allocation,
    "/v1/jobs": [{ ID: "web", Namespace: "default" }],
    "/v1/job/web/allocations": [allocation],
  };
  const made = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    response.end(JSON.stringify(answers[pathname]));
  });
  made.on("upgrade", (message, socket, head) => {
    asked.push(new URL(message.url ?? "/", "http://x"));
    if (!talk) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied");
      return;
    }
    void acceptWebSocket(message, socket, head).then((accepted) => {
      async function* noted() {
        for await (const text of accepted.messages) {
          heard.push(JSON.parse(text));
          yield text;
        }
      }
      return talk({ ...accepted, messages: noted() });
    });
  });
  server = made;
  await new Promise<void>((resolve) => {
    made.listen(0, "127.0.0.1", resolve);
  });
  const at = made.address();
  const port = typeof at === "object" && at ? at.port : 0;
  return { address: `http://127.0.0.1:${port}`, asked, heard };
}

interface Person {
  readonly keys: PassThrough;
  readonly terminal: string[];
  readonly out: () => string;
  readonly err: () => string;
  readonly code: Promise<number>;
  resize(): void;
}

function sit(agent: Agent, words: readonly string[], isTTY = false): Person {
  const keys = Object.assign(new PassThrough(), { isTTY });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const into = (chunks: Buffer[]) =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      }),
      { isTTY },
    );
  const terminal: string[] = [];
  let onResize = (): void => undefined;
  let rows = 24;
  const code = runCli(
    words,
    { NOMAD_ADDR: agent.address, NOMAD_CLI_NO_COLOR: "1" },
    { stdin: keys, stdout: into(out), stderr: into(err) },
    {
      terminal: {
        size: () => ({ columns: 80, rows: rows++ }),
        raw: () => {
          terminal.push("raw");
          return () => void terminal.push("lines");
        },
        onResize: (call) => {
          onResize = call;
          return () => void terminal.push("unwatched");
        },
        release: () => void terminal.push("released"),
      },
    },
  );
  return {
    keys,
    terminal,
    out: () => Buffer.concat(out).toString("utf8"),
    err: () => Buffer.concat(err).toString("utf8"),
    code,
    resize: () => {
      onResize();
    },
  };
}

const data = (text: string): { readonly data: string } => ({
  data: Buffer.from(text).toString("base64"),
});
const restored = ["raw", "unwatched", "lines", "released"];

/** Repeats what is typed until the input ends, and ends with a code of 5. */
const echo: Talk = async (socket) => {
  for await (const text of socket.messages) {
    const frame = JSON.parse(text) as { stdin?: { data?: string; close?: boolean } };
    if (frame.stdin?.data) await socket.send(JSON.stringify({ stdout: frame.stdin }));
    if (frame.stdin?.close === true) break;
  }
  await socket.send(JSON.stringify({ stderr: data("bye\n") }));
  await socket.send(JSON.stringify({ exited: true, result: { exit_code: 5 } }));
};
/** Reads on until the other side goes. */
const listen: Talk = async (socket) => {
  for await (const text of socket.messages) void text;
};

test("input, both outputs and the exit code pass through a pipe as they are", async () => {
  const agent = await agentWith(["web"], echo);
  const person = sit(agent, ["alloc", "exec", "11111111", "cat", "-n"]);
  person.keys.end("~.\nhi\n");
  expect(await person.code).toBe(5);
  expect([person.out(), person.err()]).toEqual(["~.\nhi\n", "bye\n"]);
  const [url] = agent.asked;
  expect(url?.pathname).toBe(`/v1/client/allocation/${id}/exec`);
  expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
    task: "web",
    tty: "false",
    command: '["cat","-n"]',
  });
  expect(person.terminal).toEqual(["released"]);
});

test("without -i the command's input is closed at once", async () => {
  const agent = await agentWith(["web"], echo);
  const person = sit(agent, ["exec", "-i=false", "-task", "web", "11111111", "cat"]);
  expect(await person.code).toBe(5);
  expect(agent.heard).toEqual([{ stdin: { close: true } }]);
});

test("a terminal hands keys through raw, tells each new size, and is given back", async () => {
  const agent = await agentWith(["web"], echo);
  const person = sit(agent, ["alloc", "exec", "-it", "11111111", "sh"], true);
  await until("the first size", () => agent.heard.length > 0);
  person.resize();
  await until("the second size", () => agent.heard.length > 1);
  person.keys.end("x");
  expect(await person.code).toBe(5);
  expect(agent.heard).toEqual([
    { tty_size: { height: 24, width: 80 } },
    { tty_size: { height: 25, width: 80 } },
    { stdin: data("x") },
    { stdin: { close: true } },
  ]);
  expect(person.terminal).toEqual(restored);
});

test.each([
  [[], "~."],
  [["-e", "!"], "!."],
])("with %j the keys %s leave the command alone", async (flags, keys) => {
  const agent = await agentWith(["web"], listen);
  const person = sit(agent, ["alloc", "exec", ...flags, "11111111", "sh"], true);
  await until("the session", () => person.terminal.includes("raw"));
  person.keys.write(keys);
  expect(await person.code).toBe(0);
  expect(person.out()).toBe("\r\nConnection closed\r\n");
  expect(person.terminal).toEqual(restored);
});

test("-e none knows no way out", async () => {
  const agent = await agentWith(["web"], echo);
  const person = sit(agent, ["alloc", "exec", "-e=none", "11111111", "sh"], true);
  person.keys.end("~.");
  expect(await person.code).toBe(5);
  expect(agent.heard).toContainEqual({ stdin: data("~.") });
});

test.each([
  [
    "the agent ends it with a reason",
    (socket: TextSocket) => Promise.resolve(socket.close(1011, 'task "web" is not running.')),
    'failed to exec into task: task "web" is not running.\n',
  ],
  [
    "the agent says what is no message",
    (socket: TextSocket) => socket.send("{"),
    /^failed to exec into task: .*JSON/,
  ],
])("the terminal is given back when %s", async (_how, talk, text) => {
  const agent = await agentWith(["web"], talk);
  const person = sit(agent, ["alloc", "exec", "-it", "11111111", "sh"], true);
  expect(await person.code).toBe(1);
  expect(person.err()).toMatch(text);
  expect(person.terminal).toEqual(restored);
});

test("the terminal is given back when its keys cannot be read", async () => {
  const agent = await agentWith(["web"], listen);
  const person = sit(agent, ["alloc", "exec", "-it", "11111111", "sh"], true);
  await until("the session", () => agent.heard.length > 0);
  person.keys.destroy(new Error("read EIO"));
  expect(await person.code).toBe(1);
  expect(person.err()).toBe("failed to exec into task: read EIO\n");
  expect(person.terminal).toEqual(restored);
});

test("a refusal touches no terminal", async () => {
  const agent = await agentWith(["web"]);
  const person = sit(agent, ["alloc", "exec", "-it", "11111111", "sh"], true);
  expect(await person.code).toBe(1);
  expect(person.err()).toBe("failed to exec into task: Unexpected response code: 403 (denied)\n");
  expect(person.terminal).toEqual([]);
});

test.each([
  [["alloc", "exec", "-t", "-i=false", "11111111", "sh"], "-i must be enabled if running with tty"],
  [["alloc", "exec", "-e=ab", "11111111", "sh"], "-e requires 'none' or a single character"],
  [
    ["alloc", "exec", "11111111"],
    "A command is required\nFor additional help try 'nomad alloc exec -help'",
  ],
  [
    ["alloc", "exec", "11111111", "sh"],
    'Allocation "11111111" is running the following tasks:\n  * app\n  * side\n\nPlease specify the task.',
  ],
  [
    ["job", "action", "-job=web", "x"],
    "A task group name is required when no allocation ID is given\nFor additional help try 'nomad job action -help'",
  ],
  [
    ["job", "action", "-alloc=11111111", "x"],
    "A job ID is required\nFor additional help try 'nomad job action -help'",
  ],
])("%j is refused", async (words, text) => {
  const agent = await agentWith(["app", "side"]);
  const person = sit(agent, words);
  expect(await person.code).toBe(1);
  expect(person.err()).toBe(`${text}\n`);
  expect(agent.asked).toEqual([]);
});

test.each([[["-group=front", "-task=app"]], [["-alloc=11111111", "-task=app"]]])(
  "an action with %j is a session with the job",
  async (flags) => {
    const agent = await agentWith(["app", "side"], echo);
    const person = sit(agent, ["action", "-job=web", ...flags, "greet"]);
    person.keys.end();
    expect(await person.code).toBe(5);
    const [url] = agent.asked;
    expect(url?.pathname).toBe("/v1/job/web/action");
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      namespace: "default",
      action: "greet",
      allocID: id,
      group: "front",
      task: "app",
      tty: "false",
    });
  },
);
