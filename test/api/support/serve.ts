import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiContext } from "../../../src/api/context.ts";
import { createApiServer } from "../../../src/api/server.ts";

export interface Served {
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  put(path: string, body?: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** The API on a real socket of the loopback. */
export async function serve(context: ApiContext): Promise<Served> {
  const api = createApiServer(context);
  const server = createServer(api.handler);
  server.on("upgrade", api.upgrade);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    get: (path, init) => fetch(url + path, { redirect: "manual", ...init }),
    put: (path, body, init) =>
      fetch(url + path, {
        method: "PUT",
        redirect: "manual",
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        ...init,
      }),
    async close() {
      api.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}
