import type { Allocation } from "../../model/allocation.ts";
import type { NodePort } from "../context.ts";
import { badRequest, failed } from "../errors.ts";
import type { Conversation, SessionHandler, SessionSocket } from "../http/handler.ts";
import type { ApiRequest } from "../http/request.ts";
import { hasTask, localAllocation } from "./client.ts";
import type { CommandSession } from "../../lib/command-session.ts";

/** A command inside a running task; input, output and size of the terminal are messages of JSON. */
export const execInTask: SessionHandler = (context, request) => {
  const { query } = request;
  const task = query.get("task") ?? "";
  if (task === "") throw badRequest("task is required");
  const command = commandOf(query.get("command") ?? "");
  return talkTo(request, () => {
    const { node, allocation } = localAllocation(context, request);
    if (!hasTask(context, allocation, task))
      throw badRequest(`unknown task name ${JSON.stringify(task)}`);
    return { node, allocation, task, command };
  });
};

/** A command and where it is to run. */
export interface Aim {
  readonly node: NodePort;
  readonly allocation: Allocation;
  readonly task: string;
  readonly command: readonly string[];
}

/** The conversation with a command; `aim` is asked once the connection stands, and what it throws ends that. */
export function talkTo(request: ApiRequest, aim: () => Aim): Conversation {
  const tty = flagOf(request.query.get("tty") ?? "");
  const asksHandshake = flagOf(request.query.get("ws_handshake") ?? "");
  return talk({ aim, tty, asksHandshake });
}

interface Asked {
  readonly aim: () => Aim;
  readonly tty: boolean;
  readonly asksHandshake: boolean;
}

function commandOf(text: string): readonly string[] {
  const value = parsed(text);
  if (
    !Array.isArray(value) ||
    value.length === 0 ||
    !value.every((word) => typeof word === "string")
  )
    throw badRequest(
      `command must be a JSON list of words, as ["sh","-c","date"], not ${JSON.stringify(text)}`,
    );
  return value;
}

function flagOf(text: string): boolean {
  if (["", "0", "f", "F", "false", "False", "FALSE"].includes(text)) return false;
  if (["1", "t", "T", "true", "True", "TRUE"].includes(text)) return true;
  throw badRequest(
    `tty value is not a boolean: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

const talk =
  ({ aim, tty, asksHandshake }: Asked): Conversation =>
  async (socket) => {
    const messages = socket.messages[Symbol.asyncIterator]();
    // A browser cannot send a header: its token is its first message.
    if (asksHandshake) checkHandshake((await messages.next()).value);
    const { node, allocation, task, command } = aim();
    const run = await node.exec(allocation.ID, task, { command, tty }, socket.signal);
    const listening = listen(messages, run);
    try {
      await tell(socket, run);
      const code = await run.exit;
      await socket.send(
        JSON.stringify({ exited: true, result: code === 0 ? {} : { exit_code: code } }),
      );
    } finally {
      run.close();
      // The input of a command that has ended interests nobody any more, nor how its reading ended.
      void listening.catch(() => undefined);
    }
  };

function checkHandshake(text: string | undefined): void {
  const value = parsed(text ?? "");
  if (!isObject(value) || value["version"] !== 1)
    throw failed("handshake: expected a first message with version 1");
}

async function listen(messages: AsyncIterator<string>, run: CommandSession): Promise<void> {
  for (let next = await messages.next(); next.done !== true; next = await messages.next())
    hear(run, parsed(next.value));
  run.close();
}

/** What means nothing is passed over: heartbeats are empty, and later clients may say more. */
function hear(run: CommandSession, frame: unknown): void {
  if (!isObject(frame)) return;
  const { stdin, tty_size: size } = frame;
  if (isObject(stdin)) {
    if (typeof stdin["data"] === "string" && stdin["data"] !== "")
      run.write(Buffer.from(stdin["data"], "base64"));
    if (stdin["close"] === true) run.endInput();
  }
  if (isObject(size) && typeof size["width"] === "number" && typeof size["height"] === "number")
    run.resize(size["width"], size["height"]);
}

async function tell(socket: SessionSocket, run: CommandSession): Promise<void> {
  for await (const { stream, data } of run.output)
    await socket.send(JSON.stringify({ [stream]: { data: Buffer.from(data).toString("base64") } }));
  for (const stream of ["stdout", "stderr"])
    await socket.send(JSON.stringify({ [stream]: { close: true } }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no message either; the caller says what it expected.
    return undefined;
  }
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
