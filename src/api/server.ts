import { Router } from "express";
import type { NextFunction, Request, Response } from "express";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { errorText } from "../lib/errors.ts";
import type { Duplex } from "node:stream";
import type { ApiContext } from "./context.ts";
import { createDispatcher } from "./http/dispatch.ts";

export interface ApiServer {
  /** Mount it on an `http.Server`; several listeners may share it. */
  readonly handler: RequestListener;
  /** For requests that ask for a websocket. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Ends streams and waiting queries; new requests are refused with 503. */
  close(): void;
}

/**
 * One router, one catch-all. A router and not a whole express application: an application changes the prototype of
 * every request and response, which makes each answer four times as slow (measured), and nothing here needs it.
 */
export function createApiServer(context: ApiContext): ApiServer {
  const log = context.log.child("api");
  const dispatcher = createDispatcher(context);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    dispatcher.dispatch(request, response).catch((thrown: unknown) => {
      log.warn({ url: request.url, error: errorText(thrown) }, "request ended in the middle");
      response.destroy();
    });
  };
  const router = Router();
  router.use((request: Request, response: Response) => {
    serve(request, response);
  });
  const unreached: NextFunction = (thrown: unknown) => {
    throw thrown instanceof Error ? thrown : new Error("request passed the catch-all");
  };
  return {
    // The types speak of an application's requests; the router itself asks for nothing but node's own.
    handler: (request, response) => {
      router(request as Request, response as Response, unreached);
    },
    upgrade: (request, socket, head) => {
      // Until it is a websocket nobody else listens, and a reset must not end the agent.
      socket.on("error", (error) => {
        log.debug({ url: request.url, error: error.message }, "websocket broke off");
      });
      dispatcher.upgrade(request, socket, head).catch((thrown: unknown) => {
        log.warn({ url: request.url, error: errorText(thrown) }, "websocket could not be opened");
        socket.destroy();
      });
    },
    close() {
      dispatcher.close();
    },
  };
}
