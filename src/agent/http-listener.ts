import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, errorText } from "../lib/errors.ts";
import { listenFault } from "./core/listen-fault.ts";

export interface HttpListener {
  close(): Promise<void>;
}

export interface HttpHandlers {
  readonly handler: RequestListener;
  /** For requests that ask for another protocol on their connection. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Listens on every host given; a port that is taken names the address. */
export async function listenHttp(
  handlers: HttpHandlers,
  hosts: readonly string[],
  port: number,
): Promise<HttpListener> {
  const servers: Server[] = [];
  try {
    for (const host of hosts) servers.push(await listen(handlers, host, port));
  } catch (thrown) {
    await closeAll(servers);
    throw thrown;
  }
  return { close: () => closeAll(servers) };
}

function listen({ handler, upgrade }: HttpHandlers, host: string, port: number): Promise<Server> {
  const server = createServer(
    // Blocking queries hold a request for minutes; slow headers and bodies are cut off all the same.
    {
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 120_000,
      maxHeaderSize: 64 * 1024,
    },
    handler,
  );
  server.on("upgrade", upgrade);
  return new Promise((resolve, reject) => {
    const refuse = (thrown: NodeJS.ErrnoException): void => {
      const text = listenFault({ code: thrown.code, text: errorText(thrown), host, port });
      reject(new AppError("unavailable", text));
    };
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve(server);
    });
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    ),
  );
}
