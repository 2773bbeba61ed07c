import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";

/** What one message may hold: somebody's pasted text, not a file system. */
const mostMessageBytes = 4 * 1024 * 1024;
/** Messages that nobody has taken yet; a sender that goes on is made to wait. */
const mostWaiting = 64;
const mostReasonBytes = 123;

/** One end of a websocket that carries text messages. */
export interface TextSocket {
  /** Resolves once the message is out of our hands, so that a slow reader slows its writer. */
  send(message: string): Promise<void>;
  /** It ends when the other side goes away; read it once. */
  readonly messages: AsyncIterable<string>;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** How the connection ended, once it has. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(code: number, reason?: string): void;
}

/** The other side answered the request for a websocket as a plain one. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`Unexpected response code: ${status} (${body})`);
    this.name = "UpgradeRefused";
    this.status = status;
    this.body = body;
  }
}

const server = new WebSocketServer({
  noServer: true,
  maxPayload: mostMessageBytes,
  perMessageDeflate: false,
});

/** Makes a connection that asks for it a websocket. */
export function acceptWebSocket(
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<TextSocket> {
  return new Promise((resolve) => {
    server.handleUpgrade(message, socket, head, (websocket) => {
      resolve(textSocket(websocket));
    });
  });
}

export interface OpenOptions {
  readonly headers: { readonly [name: string]: string };
  readonly socketPath?: string | undefined;
  /** Of a connection with TLS. */
  readonly tls?: object;
}

export function openWebSocket(url: string, options: OpenOptions): Promise<TextSocket> {
  const { headers, socketPath, tls } = options;
  const websocket = new WebSocket(url, {
    headers,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
    followRedirects: true,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...tls,
  });
  return new Promise((resolve, reject) => {
    websocket.once("open", () => {
      websocket.off("error", reject);
      resolve(textSocket(websocket));
    });
    websocket.once("error", reject);
    websocket.once("unexpected-response", (_request, response) => {
      bodyOf(response).then((body) => {
        reject(new UpgradeRefused(response.statusCode ?? 0, body));
        return undefined;
      }, reject);
    });
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8").trimEnd();
}

function textSocket(websocket: WebSocket): TextSocket {
  const gone = new AbortController();
  const { signal } = gone;
  const closed = new Promise<{ readonly code: number; readonly reason: string }>((resolve) => {
    websocket.once("close", (code, reason) => {
      resolve({ code, reason: reason.toString("utf8") });
      gone.abort(new Error("the other side has gone"));
    });
  });
  // A connection that breaks is closed as well; the code of the close tells that it was not said goodbye.
  websocket.on("error", () => websocket.terminate());
  return {
    signal,
    closed,
    messages: { [Symbol.asyncIterator]: messagesOf(websocket, signal) },
    send: (message) =>
      new Promise((resolve) => {
        if (websocket.readyState !== WebSocket.OPEN) {
          resolve();
          return;
        }
        // A connection that breaks shows in the signal; the message is lost with it.
        websocket.send(message, () => {
          resolve();
        });
      }),
    close: (code, reason = "") => {
      websocket.close(code, cut(reason));
    },
  };
}

function messagesOf(websocket: WebSocket, signal: AbortSignal): () => AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  websocket.on("message", (data, isBinary) => {
    if (isBinary) return;
    waiting.push((data as Buffer).toString("utf8"));
    if (waiting.length >= mostWaiting) websocket.pause();
    wake();
  });
  signal.addEventListener(
    "abort",
    () => {
      wake();
    },
    { once: true },
  );
  return async function* read() {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) {
        if (websocket.isPaused && waiting.length < mostWaiting / 2) websocket.resume();
        yield next;
      } else if (signal.aborted) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
}

/** A close frame has little room. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostReasonBytes) return text;
  return bytes
    .subarray(0, mostReasonBytes)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
