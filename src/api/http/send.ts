import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, createGzip, gzip } from "node:zlib";
import type { Breather } from "../../lib/breather.ts";
import { jsonBytesInSteps } from "../../lib/json-bytes.ts";
import { isSmall } from "../../lib/weigher.ts";
import type { Answer, JsonBytesAnswer, StreamAnswer } from "./answer.ts";

export interface SendOptions {
  readonly pretty: boolean;
  readonly gzip: boolean;
  /** Between the pieces of a large answer others have the event loop; without it they wait for all of it. */
  readonly breather?: Breather;
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
      await sendBytes(response, await jsonBytes(answer.value, options), {
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
      await sendParts(response, await partsAround(answer, options), {
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

type Layout = Pick<SendOptions, "pretty" | "breather">;

/** The same bytes in steps when they are many. Laying out for people what is large holds up the others. */
export async function jsonBytes(value: unknown, { pretty, breather }: Layout): Promise<Buffer> {
  if (pretty) return Buffer.from(`${JSON.stringify(value, null, 4)}\n`);
  const inSteps = breather && !isSmall(value) && (await jsonBytesInSteps(value, breather));
  return inSteps || Buffer.from(JSON.stringify(value));
}

/** Left as it is also for `pretty`: laying out so much again would hold up everybody else. */
async function partsAround(
  { before, name, inner, after }: JsonBytesAnswer,
  { breather }: SendOptions,
): Promise<readonly Uint8Array[]> {
  const layout = { pretty: false, ...(breather ? { breather } : {}) };
  return [
    (await jsonBytes(before, layout)).subarray(0, -1),
    Buffer.from(`,${JSON.stringify(name)}:`),
    inner,
    Buffer.from(","),
    (await jsonBytes(after, layout)).subarray(1),
  ];
}

/** Never put together: copying many megabytes at once takes long too. */
async function sendParts(
  response: ServerResponse,
  parts: readonly Uint8Array[],
  options: Pick<SendOptions, "gzip" | "headers">,
): Promise<void> {
  if (options.gzip) {
    response.writeHead(200, { ...options.headers, "Content-Encoding": "gzip" });
    await pipeline(parts, createGzip({ level: constants.Z_BEST_SPEED }), response);
    return;
  }
  response.writeHead(200, {
    ...options.headers,
    "Content-Length": parts.reduce((sum, part) => sum + part.length, 0),
  });
  for (const part of parts) response.write(part);
  response.end();
}

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
