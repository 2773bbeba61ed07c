import { connect, type Socket } from "node:net";
import { abortReasonOf } from "../../lib/abort.ts";
import { AppError } from "../../lib/errors.ts";

export interface LiveLogRequest {
  readonly socketPath: string;
  readonly containerId: string;
  readonly sinceSeconds: number;
  readonly signal: AbortSignal;
}

const endOfHead = "\r\n\r\n";
const longestHead = 64 * 1024;
const longestFault = 16 * 1024;

/**
 * The log of a running container over a connection of its own, which has to be closed. Asked in HTTP/1.0 the engine
 * sends the bare bytes and its end is that of the connection; in HTTP/1.1 each line is a chunk by itself, which costs
 * several times what the line costs. A log that has to be complete is not read this way: its end looks like a loss.
 */
export async function openLiveLog(request: LiveLogRequest): Promise<Socket> {
  const { socketPath, containerId, sinceSeconds, signal } = request;
  const socket = connect(socketPath);
  const giveUp = (): void => {
    socket.destroy(abortReasonOf(signal));
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const query = `follow=1&stdout=1&stderr=1&timestamps=1&since=${sinceSeconds}`;
    const path = `/containers/${encodeURIComponent(containerId)}/logs?${query}`;
    socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
    const head = await readHead(socket);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
    if (status !== 200) throw await refusal(socket, status);
    return socket;
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Leaves in the socket what comes after it. */
async function readHead(socket: Socket): Promise<string> {
  let seen = Buffer.alloc(0);
  while (seen.length < longestHead) {
    const bytes = await nextBytes(socket);
    if (bytes === undefined) throw new Error("the connection ended before the engine answered");
    seen = Buffer.concat([seen, bytes]);
    const end = seen.indexOf(endOfHead);
    if (end === -1) continue;
    socket.unshift(seen.subarray(end + endOfHead.length));
    return seen.toString("latin1", 0, end);
  }
  throw new Error("the engine's answer has no end to its head");
}

async function refusal(socket: Socket, status: number): Promise<Error> {
  if (!(status >= 100)) return new Error("the engine does not answer in HTTP");
  let body = "";
  while (body.length < longestFault) {
    const bytes = await nextBytes(socket);
    if (bytes === undefined) break;
    body += bytes.toString();
  }
  return new AppError("driver", `read a container's output: ${faultText(body)}`, {
    fields: { status, recoverable: status >= 500 },
  });
}

function faultText(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Not in the form that faults have; then as it is.
  }
  return body.trim();
}

/** Undefined at the end of the connection. */
function nextBytes(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null && !socket.readableEnded) return;
      done();
      resolve(bytes ?? undefined);
    };
    const fail = (error: Error): void => {
      done();
      reject(error);
    };
    const done = (): void => {
      socket.off("readable", look).off("end", look).off("error", fail).off("close", closed);
    };
    const closed = (): void => {
      fail(new Error("the connection was closed"));
    };
    socket.on("readable", look).on("end", look).on("error", fail).on("close", closed);
    look();
  });
}
