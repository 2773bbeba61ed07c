import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { breatherOf } from "../../lib/breather.ts";
import { assertNever } from "../../lib/errors.ts";
import type { ApiContext } from "../context.ts";
import { HttpError, badRequest, errorAnswer, failed, invalidMethod, texts } from "../errors.ts";
import { actions, reads } from "../handlers.ts";
import { routes } from "../routes.ts";
import type { Answer } from "./answer.ts";
import { homePage } from "./page.ts";
import { ReadRunner } from "./read-runner.ts";
import { bodyLimitOf } from "./request.ts";
import type { ApiRequest } from "./request.ts";
import type { Route } from "./route.ts";
import { createRouter } from "./router.ts";
import { send } from "./send.ts";
import type { ActionHandler, ReadHandler } from "./handler.ts";
import { openRequest, toApiRequest } from "./incoming.ts";
import type { Incoming } from "./incoming.ts";
import { createUpgrader } from "./upgrade.ts";

export interface Dispatcher {
  dispatch(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The request of somebody who wants a websocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): void;
}
interface Entry {
  readonly path: string;
  readonly name: string;
  readonly route: Route;
}

const readTable = new Map<string, ReadHandler>(Object.entries(reads));
const actionTable = new Map<string, ActionHandler>(Object.entries(actions));
const entries: readonly Entry[] = Object.entries(routes).map(([name, route]) => ({
  name,
  route,
  path: route.path,
}));

export function createDispatcher(context: ApiContext): Dispatcher {
  const router = createRouter(entries);
  const runner = new ReadRunner(context);
  const stopping = new AbortController();
  const breather = breatherOf(context.clock);

  /** Path, method and region, then the entry's handler. */
  const answer = async (request: Incoming, response: ServerResponse): Promise<void> => {
    const match = router.find(request.path);
    if (!match) {
      await send(response, { kind: "empty", status: 404 }, request.send);
      return;
    }
    const entry = match.entries.find(({ route }) => takes(route, request.method));
    const scope = (entry ?? match.entries[0])?.route.scope;
    if (scope === "client") addCrossOrigin(request);
    if (scope === "client" && request.method === "OPTIONS") {
      await send(response, preflight(request), request.send);
      return;
    }
    if (!entry) throw invalidMethod();
    const { route, name } = entry;
    const region = request.query.get("region");
    if (route.scope !== "agent" && region && region !== context.region)
      throw failed(texts.noRegion);
    const apiRequest = toApiRequest(request, response, {
      params: match.params,
      stopping,
      bodyLimit: bodyLimitOf(name),
    });
    switch (route.kind) {
      case "fixed":
        throw new HttpError(route.status, route.text);
      case "page":
        await send(response, homePage(context), request.send);
        return;
      case "session":
        throw badRequest("Bad Request: this route speaks websocket; ask for an upgrade");
      case "read": {
        const handler = readTable.get(name);
        if (!handler) throw new Error(`no handler for ${name}`);
        const asked = await withBody(apiRequest);
        await runner.run({ route, handler, request: asked, response, send: request.send });
        return;
      }
      case "action": {
        const handler = actionTable.get(name);
        if (!handler) throw new Error(`no handler for ${name}`);
        await send(response, await handler(context, apiRequest), request.send);
        return;
      }
      default:
        assertNever(route);
    }
  };

  return {
    upgrade: createUpgrader(context, router, stopping),
    async dispatch(message, response) {
      const request = openRequest(message, breather);
      try {
        // Many sockets may be ready in one step of the event loop.
        await breather.breathe();
        if (stopping.signal.aborted) throw new HttpError(503, "agent is shutting down");
        const redirect = cleanRedirect(message.url ?? "/", request);
        if (redirect) await send(response, redirect, request.send);
        else await answer(request, response);
      } catch (thrown) {
        if (response.headersSent) throw thrown;
        const { status, text } = errorAnswer(thrown);
        if (status === 500 && !(thrown instanceof HttpError))
          context.log.debug({ path: request.path, text }, "request failed");
        await send(response, { kind: "text", status, text }, request.send);
      }
    },
    close() {
      stopping.abort();
      runner.close();
    },
  };
}

/** `//`, `.` and `..` are sent back to the clean path, as this wire's servers do. */
function cleanRedirect(url: string, request: Incoming): Answer | undefined {
  if (request.badPath) throw badRequest("invalid URL escape");
  if (!/\/\/|\/\.\.?(?:\/|$)/.test(request.path)) return undefined;
  const segments: string[] = [];
  for (const segment of request.path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const ending = request.path.endsWith("/") && segments.length > 0 ? "/" : "";
  const clean = `/${segments.map(encodeURIComponent).join("/")}${ending}`;
  const mark = url.indexOf("?");
  const location = mark < 0 ? clean : clean + url.slice(mark);
  return {
    kind: "text",
    status: 307,
    text: `<a href="${location.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("<", "&lt;")}">Temporary Redirect</a>.\n\n`,
    contentType: "text/html; charset=utf-8",
    headers: { Location: location },
  };
}

const takes = (route: Route, method: string): boolean =>
  route.methods === undefined || route.methods.includes(method);

function addCrossOrigin(request: Incoming): void {
  const origin = request.message.headers.origin;
  request.send = {
    ...request.send,
    headers: {
      Vary: "Accept-Encoding, Origin",
      ...(origin === undefined
        ? {}
        : {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Credentials": "true",
          }),
    },
  };
}

function preflight(request: Incoming): Answer {
  const wanted = request.message.headers["access-control-request-method"];
  if (wanted === undefined) return { kind: "empty", status: 204 };
  request.send = {
    ...request.send,
    headers: {
      ...request.send.headers,
      Vary: "Accept-Encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
      "Access-Control-Allow-Methods": wanted,
      ...allowedHeaders(request.message.headers["access-control-request-headers"]),
    },
  };
  return { kind: "empty", status: 204 };
}

const allowedHeaders = (wanted: string | undefined): Record<string, string> =>
  wanted === undefined ? {} : { "Access-Control-Allow-Headers": wanted };

/** A read looks again after each change, so what was asked is kept. */
async function withBody(request: ApiRequest): Promise<ApiRequest> {
  if (request.method === "GET") return request;
  const body = (await request.bytes()).toString("utf8");
  return {
    ...request,
    body: body === "" ? undefined : body,
    get signal() {
      return request.signal;
    },
  };
}
