import type { IncomingMessage, ServerResponse } from "node:http";
import type { Breather } from "../../lib/breather.ts";
import { readBytes } from "./request.ts";
import type { ApiRequest } from "./request.ts";
import type { Params } from "./router.ts";
import type { SendOptions } from "./send.ts";

/** A request as it came in, with what every answer to it has in common. */
export interface Incoming {
  readonly message: IncomingMessage;
  readonly method: string;
  /** Decoded; undecodable escapes give an empty path, which nothing matches. */
  readonly path: string;
  readonly badPath: boolean;
  readonly query: URLSearchParams;
  send: SendOptions;
}

const noQuery = new URLSearchParams();

export function openRequest(message: IncomingMessage, breather?: Breather): Incoming {
  const url = ownPart(message.url ?? "/");
  const mark = url.indexOf("?");
  const raw = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? noQuery : new URLSearchParams(url.slice(mark + 1));
  const path = raw.includes("%") ? decodePath(raw) : raw;
  const pretty = query.get("pretty");
  const encodings = message.headers["accept-encoding"];
  return {
    message,
    method: message.method ?? "GET",
    path: path ?? "",
    badPath: path === undefined,
    query,
    send: {
      pretty: pretty !== null && pretty !== "0",
      gzip: encodings !== undefined && acceptsGzip(encodings),
      ...(breather ? { breather } : {}),
      headers: { Vary: "Accept-Encoding" },
    },
  };
}

/** Proxies may name the whole address; what follows the host counts. */
function ownPart(url: string): string {
  if (url.startsWith("/")) return url;
  const host = /^https?:\/\/[^/?]*/i.exec(url)?.[0];
  return host === undefined ? url : url.slice(host.length) || "/";
}

function decodePath(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    // It throws on a broken escape and on nothing else; the caller answers with 400.
    return undefined;
  }
}

const acceptsGzip = (encodings: string | string[]): boolean =>
  String(encodings)
    .split(",")
    .some((one) => /^\s*gzip\s*(;|$)/.test(one) && !/;\s*q=0(\.0*)?\s*$/.test(one));

export function toApiRequest(
  request: Incoming,
  response: ServerResponse,
  more: {
    readonly params: Params;
    readonly stopping: AbortController;
    readonly bodyLimit: number;
  },
): ApiRequest {
  const { message, method, path, query } = request;
  let gone: AbortSignal | undefined;
  return {
    method,
    path,
    query,
    params: more.params,
    headers: message.headers,
    get signal() {
      gone ??= signalOf(response, more.stopping.signal);
      return gone;
    },
    body: undefined,
    bytes: () => readBytes(message, more.bodyLimit),
  };
}

/** Made only for those who wait: most requests are answered within the same turn. */
function signalOf(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  if (stopping.aborted || response.destroyed) stop();
  stopping.addEventListener("abort", stop, { once: true });
  response.once("close", () => {
    stopping.removeEventListener("abort", stop);
    stop();
  });
  return controller.signal;
}
