import type { ServerResponse } from "node:http";
import { breatherOf } from "../../lib/breather.ts";
import type { Breather } from "../../lib/breather.ts";
import type { ApiContext } from "../context.ts";
import { failed, HttpError, texts } from "../errors.ts";
import type { Found, Read } from "./answer.ts";
import type { ReadHandler } from "./handler.ts";
import { plainRead, readOptions } from "./request.ts";
import type { ApiRequest, ReadOptions } from "./request.ts";
import type { ReadFlags, ReadRoute } from "./route.ts";
import { jsonBytes, send, sendBytes } from "./send.ts";
import type { SendOptions } from "./send.ts";
import type { CachedText } from "./text-cache.ts";
import { TextCache } from "./text-cache.ts";
import { Waiters } from "./waiters.ts";

interface ReadCall {
  readonly route: ReadRoute;
  readonly handler: ReadHandler;
  readonly request: ApiRequest;
  readonly response: ServerResponse;
  readonly send: SendOptions;
}

/** A share of the wait is added by chance, so that watchers of one thing do not all come back at once. */
const jitterShare = 16;
/** Each holds a socket and a timer; whoever asks beyond this number should ask another server. */
const mostWaiting = 10_000;

/** Runs reads: at once, or again and again until the index has moved past the one asked for. */
export class ReadRunner {
  readonly #context: ApiContext;
  readonly #waiters: Waiters;
  readonly #breather: Breather;
  readonly #cache = new TextCache(1024, 16 * 1024 * 1024);

  constructor(context: ApiContext) {
    this.#context = context;
    this.#breather = breatherOf(context.clock);
    this.#waiters = new Waiters(context.clock, context.store.changes);
  }

  async run(call: ReadCall): Promise<void> {
    const { route, request } = call;
    const options =
      request.query.size === 0 ? plainRead : onlyKnown(readOptions(request.query), route.flags);
    if (!options.stale && this.#context.store.leadership.leaderId() === undefined)
      throw failed(texts.noLeader);
    const { handler } = call;
    const again = (): Read => handler(this.#context, request, options);
    const read = again();
    const mustWait = !(route.flags.bare ?? false) && options.index > 0;
    const last = mustWait ? await this.#wait(read, again, { options, request }) : read;
    if (last) await this.#send(call, last);
  }

  close(): void {
    this.#waiters.close();
  }

  /** undefined when the client has gone. */
  async #wait(
    first: Read,
    again: () => Read,
    call: { readonly options: ReadOptions; readonly request: ApiRequest },
  ): Promise<Read | undefined> {
    const { clock, random } = this.#context;
    const { index, waitMs } = call.options;
    const end = clock.monotonicMs() + waitMs * (1 + random.fraction() / jitterShare);
    let read = first;
    while (read.index <= index) {
      const left = end - clock.monotonicMs();
      if (left <= 0) return read;
      if (this.#waiters.sleeping() >= mostWaiting)
        throw new HttpError(429, `more than ${mostWaiting} blocking queries are waiting`);
      await this.#waiters.wait(read.watch, left, call.request.signal);
      // One write may wake thousands.
      await this.#breather.breathe();
      read = again();
      if (call.request.signal.aborted) return read;
    }
    return read;
  }

  async #send(call: ReadCall, read: Read): Promise<void> {
    const bare = call.route.flags.bare ?? false;
    const headers = bare ? call.send.headers : { ...call.send.headers, ...metaOf(read) };
    if ("missing" in read) {
      const answer = { kind: "text", status: 404, text: read.missing } as const;
      await send(call.response, answer, { ...call.send, headers });
      return;
    }
    const { body, nextToken } = await this.#encode(call, read);
    await sendBytes(call.response, body, {
      status: 200,
      gzip: call.send.gzip,
      headers: {
        ...headers,
        ...(nextToken ? { "X-Nomad-NextToken": nextToken } : {}),
        "Content-Type": "application/json",
      },
    });
  }

  async #encode(call: ReadCall, read: Found): Promise<CachedText> {
    const key = call.route.flags.cached === true ? cacheKey(call.request) : undefined;
    const kept = key === undefined ? undefined : this.#cache.get(key, read.index);
    if (kept) return kept;
    const { value, nextToken } = read.body();
    const made = { body: await jsonBytes(value, call.send), nextToken };
    if (key !== undefined) this.#cache.set(key, read.index, made);
    return made;
  }
}

/** What the route table does not promise of a list is not looked at. */
const onlyKnown = (options: ReadOptions, flags: ReadFlags): ReadOptions => ({
  ...options,
  ...(flags.prefix === true ? {} : { prefix: "" }),
  ...(flags.paging === true ? {} : { perPage: 0, nextToken: "" }),
  ...(flags.filter === true ? {} : { filter: "" }),
  ...(flags.reverse === true ? {} : { reverse: false }),
});

const metaOf = (read: Read): Record<string, string> => ({
  "X-Nomad-Index": String(read.index),
  "X-Nomad-LastContact": "0",
  "X-Nomad-KnownLeader": "true",
});

/** What a client waits with is not part of what it gets. */
function cacheKey(request: ApiRequest): string {
  if (request.query.size === 0) return request.path;
  const query = new URLSearchParams(request.query);
  for (const name of ["index", "wait", "stale", "region"]) query.delete(name);
  query.sort();
  return `${request.path}?${query.toString()}`;
}
