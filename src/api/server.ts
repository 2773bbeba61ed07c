import express from "express";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { errorText } from "../lib/errors.ts";
import type { ApiContext } from "./context.ts";
import { createDispatcher } from "./http/dispatch.ts";

export interface ApiServer {
  /** Mount it on an `http.Server`; several listeners may share it. */
  readonly handler: RequestListener;
  /** Ends streams and waiting queries; new requests are refused with 503. */
  close(): void;
}

/** One listener, one catch-all: a chain of middleware would cost more than most answers. */
export function createApiServer(context: ApiContext): ApiServer {
  const log = context.log.child("api");
  const dispatcher = createDispatcher(context);
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((request: IncomingMessage, response: ServerResponse): void => {
    dispatcher.dispatch(request, response).catch((thrown: unknown) => {
      log.warn({ url: request.url, error: errorText(thrown) }, "request ended in the middle");
      response.destroy();
    });
  });
  return {
    handler: app,
    close() {
      dispatcher.close();
    },
  };
}
