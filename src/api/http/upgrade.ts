import { ServerResponse } from "node:http";
import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ApiContext } from "../context.ts";
import { HttpError, errorAnswer, failed, texts } from "../errors.ts";
import { sessions } from "../handlers.ts";
import type { Conversation, SessionHandler } from "./handler.ts";
import { openRequest, toApiRequest } from "./incoming.ts";
import type { Incoming } from "./incoming.ts";
import { bodyLimitOf } from "./request.ts";
import type { Route } from "./route.ts";
import type { Router } from "./router.ts";
import { send } from "./send.ts";
import { checkOrigin, openSession } from "./session.ts";

type Upgrade = (message: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
interface Entry {
  readonly path: string;
  readonly name: string;
  readonly route: Route;
}

const table = new Map<string, SessionHandler>(Object.entries(sessions));

/** Answers those who want a websocket: the same routes and the same refusals, until the connection is one. */
export function createUpgrader(
  context: ApiContext,
  router: Router<Entry>,
  stopping: AbortController,
): Upgrade {
  const conversation = (request: Incoming, response: ServerResponse): Conversation => {
    const match = router.find(request.path);
    const entry = match?.entries.find(
      ({ route }) => route.kind === "session" && request.method === "GET",
    );
    if (!match || !entry) throw new HttpError(404, "no websocket here");
    const region = request.query.get("region");
    if (region && region !== context.region) throw failed(texts.noRegion);
    const handler = table.get(entry.name);
    if (!handler) throw new Error(`no handler for ${entry.name}`);
    const more = { params: match.params, stopping, bodyLimit: bodyLimitOf(entry.name) };
    return handler(context, toApiRequest(request, response, more));
  };
  return async (message, socket, head) => {
    const request = openRequest(message);
    const response = new ServerResponse(message);
    try {
      if (stopping.signal.aborted) throw new HttpError(503, "agent is shutting down");
      checkOrigin(message);
      const talk = conversation(request, response);
      await openSession({ message, socket, head, stopping: stopping.signal }, talk);
    } catch (thrown) {
      const { status, text } = errorAnswer(thrown);
      if (socket instanceof Socket) response.assignSocket(socket);
      response.once("finish", () => socket.end());
      await send(response, { kind: "text", status, text }, request.send);
    }
  };
}
