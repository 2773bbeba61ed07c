import { AppError, errorText } from "../../lib/errors.ts";
import type { FileFrame } from "../../node/files.ts";
import type { ApiContext } from "../context.ts";
import { HttpError, badRequest } from "../errors.ts";
import { json, text } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { fileFrames, plainBytes } from "../http/frames.ts";
import type { ActionHandler } from "../http/handler.ts";
import { boolOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import { hasTask, localAllocation } from "./client.ts";
import { param } from "./keys.ts";

/** Files come from tasks: whatever they hold, no browser may run it. */
const fileHeaders = {
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "X-Content-Type-Options": "nosniff",
};
const plainText = "text/plain; charset=utf-8";

export const listFiles: ActionHandler = async (context, request) => {
  const { node, allocation } = ofAllocation(context, request);
  const files = await node.files.list(allocation.ID, pathOf(request, "/"));
  return json(files.map((file) => ({ ...file, ContentType: file.ContentType ?? "" })));
};

export const statFile: ActionHandler = async (context, request) => {
  const { node, allocation } = ofAllocation(context, request);
  return json(await node.files.stat(allocation.ID, requiredPath(request)));
};

export const catFile: ActionHandler = (context, request) => readFile(context, request, {});

export const readFileAt: ActionHandler = (context, request) => {
  const offset = wholeNumber(request.query.get("offset") ?? "", "offset");
  if (typeof offset === "string") return text(200, offset);
  const limit = wholeNumber(request.query.get("limit") ?? "", "limit");
  if (typeof limit === "string") return text(200, limit);
  for (const [name, value] of Object.entries({ offset, limit }))
    if (value < 0) throw badRequest(`${name} must not be negative, and is ${value}`);
  return readFile(context, request, { offset, limit });
};

/** A refusal of the file itself is told in a 200, as this wire's servers do; only the address has real codes. */
async function readFile(
  context: ApiContext,
  request: ApiRequest,
  { offset = 0, limit }: { readonly offset?: number; readonly limit?: number },
): Promise<Answer> {
  const { node, allocation } = ofAllocation(context, request);
  const path = requiredPath(request);
  try {
    const { IsDir } = await node.files.stat(allocation.ID, path);
    if (IsDir) return text(200, `file ${JSON.stringify(path)} is a directory`);
  } catch (thrown) {
    // The cause repeats the text with a second path.
    return text(200, thrown instanceof AppError ? thrown.message : errorText(thrown));
  }
  return {
    kind: "stream",
    contentType: plainText,
    headers: fileHeaders,
    chunks: node.files.read(allocation.ID, path, { offset, limit }),
  };
}

/** The disk of an allocation for whoever goes on with it. */
export const snapshotDisk: ActionHandler = (context, request) => {
  const { node, allocation } = ofAllocation(context, request);
  const chunks = node.files.snapshot(allocation.ID);
  return { kind: "stream", contentType: "application/octet-stream", headers: fileHeaders, chunks };
};

export const streamFile: ActionHandler = (context, request) => {
  const { node, allocation } = ofAllocation(context, request);
  const path = requiredPath(request);
  const frames = node.files.stream({
    allocationId: allocation.ID,
    path,
    ...positionOf(request),
    follow: boolOf(request.query, "follow") ?? true,
    signal: request.signal,
  });
  return framed(context, { request, frames, contentType: plainText });
};

export const taskLogs: ActionHandler = (context, request) => {
  const { node, allocation } = ofAllocation(context, request);
  const task = request.query.get("task") ?? "";
  if (task === "") throw badRequest("must provide task name");
  const follow = boolOf(request.query, "follow") ?? false;
  const plain = boolOf(request.query, "plain") ?? false;
  const stream = request.query.get("type") ?? "";
  if (stream !== "stdout" && stream !== "stderr")
    throw badRequest("must provide log type (stdout/stderr)");
  const position = positionOf(request);
  if (!hasTask(context, allocation, task))
    throw badRequest(`unknown task name ${JSON.stringify(task)}`);
  if (!hasStarted(allocation.TaskStates?.[task]))
    throw new HttpError(404, `task ${JSON.stringify(task)} not started yet. No logs available`);
  const frames = node.files.logs({
    allocationId: allocation.ID,
    task,
    stream,
    ...position,
    follow,
    signal: request.signal,
  });
  return plain
    ? { kind: "stream", contentType: "text/plain", chunks: plainBytes(frames) }
    : framed(context, { request, frames, contentType: "application/json" });
};

/** A task that was started and is down for a restart has logs all the same. */
const hasStarted = (
  state: { readonly State: string; readonly StartedAt: string | null } | undefined,
): boolean => state !== undefined && (state.State !== "pending" || state.StartedAt !== null);

const framed = (
  context: ApiContext,
  of: {
    readonly request: ApiRequest;
    readonly frames: AsyncIterable<FileFrame>;
    readonly contentType: string;
  },
): Answer => ({
  kind: "stream",
  contentType: of.contentType,
  chunks: fileFrames(context.clock, of.frames, of.request.signal),
});

function ofAllocation(context: ApiContext, request: ApiRequest) {
  if (param(request, "id") === "") throw badRequest("must provide a valid alloc id");
  return localAllocation(context, request);
}

const pathOf = (request: ApiRequest, otherwise: string): string =>
  request.query.get("path") || otherwise;

function requiredPath(request: ApiRequest): string {
  const path = request.query.get("path") ?? "";
  if (path === "") throw badRequest("must provide a file path");
  return path;
}

function positionOf(request: ApiRequest): {
  readonly origin: "start" | "end";
  readonly offset: number;
} {
  const asked = request.query.get("offset") ?? "";
  const offset = asked === "" ? 0 : wholeNumber(asked, "offset");
  if (typeof offset === "string") throw badRequest(offset);
  const origin = request.query.get("origin") || "start";
  if (origin !== "start" && origin !== "end") throw badRequest("origin must be start or end");
  return { origin, offset };
}

/** The number, or what is wrong with the text. */
function wholeNumber(value: string, name: string): number | string {
  const fault = (what: string): string =>
    `error parsing ${name}: strconv.ParseInt: parsing ${JSON.stringify(value)}: ${what}`;
  if (!/^[+-]?\d+$/.test(value)) return fault("invalid syntax");
  return Number.isSafeInteger(Number(value)) ? Number(value) : fault("value out of range");
}
