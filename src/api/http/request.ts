import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { HttpError, badRequest, failed, texts } from "../errors.ts";
import { parseDuration } from "../../lib/duration.ts";
import { parseJson } from "./json-body.ts";
import type { Fields } from "./json-body.ts";
import type { Params } from "./router.ts";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Params;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  /** Of a read that is also asked with POST; read before the handler runs. */
  readonly body: string | undefined;
  /** The whole body; refused with 413 above the limit. */
  readonly bytes: () => Promise<Buffer>;
}

/** What every read may ask for. */
export interface ReadOptions {
  readonly namespace: string;
  readonly index: number;
  readonly waitMs: number;
  readonly stale: boolean;
  readonly prefix: string;
  readonly perPage: number;
  readonly nextToken: string;
  readonly filter: string;
  readonly reverse: boolean;
}

const bodyLimit = 1024 * 1024;
/** A job comes with its source, escaped, and the folder takes files of 1 MiB. */
const jobBodyLimit = 8 * 1024 * 1024;
const maxWaitMs = 300_000;
const truths = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const lies = new Set(["0", "f", "F", "FALSE", "false", "False"]);

export function readOptions(query: URLSearchParams): ReadOptions {
  return {
    stale: staleOf(query),
    prefix: query.get("prefix") ?? "",
    namespace: namespaceOf(query),
    perPage: perPageOf(query),
    nextToken: query.get("next_token") ?? "",
    filter: query.get("filter") ?? "",
    reverse: query.get("reverse") === "true",
    index: indexOf(query),
    waitMs: waitOf(query),
  };
}

export const namespaceOf = (query: URLSearchParams): string => query.get("namespace") || "default";

/** A boolean of the query; undefined when it is not there. */
export function boolOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (truths.has(value)) return true;
  if (lies.has(value)) return false;
  throw failed(badBool(name, value));
}

/** A whole number of the query; undefined when it is not there. */
export function intOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^[+-]?\d+$/.test(value))
    throw failed(
      `Failed to parse value of "${name}" (${value}) as a int: strconv.Atoi: parsing "${value}": invalid syntax`,
    );
  return Number(value);
}

/** The body as an object; refused when there is none. Keys are found whatever their case. */
export async function bodyOf(request: ApiRequest): Promise<Fields> {
  const bytes = await request.bytes();
  if (bytes.length === 0) throw badRequest(texts.emptyBody);
  return parseJson(bytes.toString("utf8"));
}

/** The body of a route that also works without one. */
export async function optionalBodyOf(request: ApiRequest): Promise<Fields | undefined> {
  const bytes = await request.bytes();
  return bytes.length === 0 ? undefined : parseJson(bytes.toString("utf8"));
}

/** The most bytes that a route takes. */
export const bodyLimitOf = (route: string): number =>
  /^jobs?\./.test(route) ? jobBodyLimit : bodyLimit;

/** Reads to the end or refuses: a body over the limit is not kept, but drained so that the answer arrives. */
export function readBytes(message: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    });
    message.on("end", () => {
      if (size <= limit) resolve(Buffer.concat(chunks));
      else
        reject(new HttpError(413, `Request body of ${size} bytes is larger than ${limit} bytes`));
    });
    message.on("error", reject);
  });
}

function staleOf(query: URLSearchParams): boolean {
  const value = query.get("stale");
  if (value === null) return false;
  if (value === "" || truths.has(value)) return true;
  if (lies.has(value)) return false;
  throw badRequest(badBool("stale", value));
}

function perPageOf(query: URLSearchParams): number {
  const value = query.get("per_page");
  if (value === null || value === "") return 0;
  const number = Number(value);
  if (!/^[+-]?\d+$/.test(value) || Math.abs(number) > 2 ** 31 - 1)
    throw badRequest("Expect a number for `per_page` query string parameter");
  return Math.max(0, number);
}

function indexOf(query: URLSearchParams): number {
  const value = query.get("index");
  if (value === null || value === "") return 0;
  if (!/^\d+$/.test(value)) throw badRequest("Invalid index");
  return Number(value);
}

function waitOf(query: URLSearchParams): number {
  const value = query.get("wait");
  if (value === null || value === "") return maxWaitMs;
  const ns = parseDuration(value);
  if (ns === undefined) throw badRequest("Invalid wait time");
  return ns <= 0 ? maxWaitMs : Math.min(ns / 1e6, maxWaitMs);
}

const badBool = (name: string, value: string): string =>
  `Failed to parse value of "${name}" (${value}) as a bool: strconv.ParseBool: parsing "${value}": invalid syntax`;

/** Most reads have no query at all. */
export const plainRead: ReadOptions = readOptions(new URLSearchParams());
