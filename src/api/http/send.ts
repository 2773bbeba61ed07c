import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Answer, StreamAnswer } from "./answer.ts";

export interface SendOptions {
  readonly pretty: boolean;
  readonly gzip: boolean;
  /** Whether the route may be asked by pages of other origins, and one does. */
  readonly headers: Readonly<Record<string, string>>;
}

const compress = promisify(gzip);
/** Compressing less than this costs more than it saves. */
const compressFrom = 256;

export async function send(
  response: ServerResponse,
  answer: Answer,
  options: SendOptions,
): Promise<void> {
  switch (answer.kind) {
    case "json": {
      await sendBytes(response, jsonBytes(answer.value, options.pretty), {
        status: answer.status ?? 200,
        gzip: options.gzip,
        headers: {
          ...options.headers,
          ...answer.headers,
          ...indexHeader(answer.index),
          "Content-Type": "application/json",
        },
      });
      return;
    }
    case "json-bytes":
      // Left as it is also for `pretty`: laying out so much again would hold up everybody else.
      await sendBytes(response, Buffer.concat(answer.parts), {
        status: 200,
        gzip: options.gzip,
        headers: {
          ...options.headers,
          ...indexHeader(answer.index),
          "Content-Type": "application/json",
        },
      });
      return;
    case "empty":
      response.writeHead(answer.status ?? 200, {
        ...options.headers,
        ...indexHeader(answer.index),
        ...(answer.status === 204 ? {} : { "Content-Length": "0" }),
      });
      response.end();
      return;
    case "text":
      await sendBytes(response, Buffer.from(answer.text), {
        status: answer.status,
        gzip: false,
        headers: {
          ...options.headers,
          ...answer.headers,
          "Content-Type": answer.contentType ?? "text/plain; charset=utf-8",
        },
      });
      return;
    case "stream":
      await sendStream(response, answer, options);
  }
}

export const jsonBytes = (value: unknown, pretty: boolean): Buffer =>
  Buffer.from(pretty ? `${JSON.stringify(value, null, 4)}\n` : JSON.stringify(value));

export async function sendBytes(
  response: ServerResponse,
  body: Buffer,
  options: {
    readonly status: number;
    readonly gzip: boolean;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<void> {
  if (!options.gzip || body.length < compressFrom) {
    response.writeHead(options.status, {
      ...options.headers,
      "Content-Length": body.length,
    });
    response.end(body);
    return;
  }
  const packed = await compress(body, { level: constants.Z_BEST_SPEED });
  response.writeHead(options.status, {
    ...options.headers,
    "Content-Encoding": "gzip",
    "Content-Length": packed.length,
  });
  response.end(packed);
}

/** Waits for the first piece before the headers go out, so that a refusal still gets its status. */
async function sendStream(
  response: ServerResponse,
  answer: StreamAnswer,
  options: SendOptions,
): Promise<void> {
  const iterator = answer.chunks[Symbol.asyncIterator]();
  try {
    let next = await iterator.next();
    response.writeHead(200, {
      ...options.headers,
      ...answer.headers,
      "Content-Type": answer.contentType,
    });
    response.flushHeaders();
    while (next.done !== true && !response.destroyed) {
      if (!response.write(next.value)) await drained(response);
      next = await iterator.next();
    }
    response.end();
  } finally {
    await iterator.return?.();
  }
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.once("drain", go);
    response.once("close", go);
    if (response.destroyed) go();
  });

const indexHeader = (index: number | undefined): Record<string, string> =>
  index === undefined ? {} : { "X-Nomad-Index": String(index) };
