import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { errorText } from "../../lib/errors.ts";
import type { AddressGuard } from "./address-guard.ts";

/**
 * A way out for programs that make their own connections: redirects and submodules of git lead wherever a repository
 * says, and here each of them passes the same guard. Only who knows the password may use it.
 */
export interface GuardedProxy {
  /** As programs want it in `https_proxy`. */
  readonly address: string;
  /** What was refused on the way: programs tell of it in their own, shorter words. */
  readonly refusals: readonly string[];
  close(): Promise<void>;
}

/** Clients ask without a password first, and come back with it if they are told how on an answer that ends. */
const challenge = {
  "proxy-authenticate": 'Basic realm="git"',
  "content-length": "0",
  connection: "close",
};

export async function startGuardedProxy(guard: AddressGuard): Promise<GuardedProxy> {
  const password = randomBytes(18).toString("hex");
  const expected = Buffer.from(`Basic ${Buffer.from(`git:${password}`).toString("base64")}`);
  const refusals: string[] = [];
  const sockets = new Set<Duplex>();
  const isKnown = (asked: IncomingMessage): boolean => {
    const given = Buffer.from(asked.headers["proxy-authorization"] ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  const note = (thrown: unknown): void => {
    if (refusals.length < 10) refusals.push(errorText(thrown));
  };
  const server = createServer((asked, answer) => {
    if (isKnown(asked)) forward(asked, answer, guard, note);
    else answer.writeHead(407, challenge).end();
  });
  server.on("connection", (socket: Socket) => {
    remember(sockets, socket);
  });
  server.on("connect", (asked: IncomingMessage, client: Duplex, early: Buffer) => {
    if (isKnown(asked)) remember(sockets, tunnel(asked.url ?? "", client, { early, guard, note }));
    else client.end(head("407 Proxy Authentication Required", challenge));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return {
    address: `http://git:${password}@127.0.0.1:${port}`,
    refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function remember(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

/** `CONNECT host:port`: bytes in both directions, once the address has passed. */
function tunnel(
  target: string,
  client: Duplex,
  {
    early,
    guard,
    note,
  }: {
    readonly early: Buffer;
    readonly guard: AddressGuard;
    readonly note: (thrown: unknown) => void;
  },
): Duplex {
  const [, host = "", port = "443"] = /^(.*?)(?::(\d+))?$/.exec(target) ?? [];
  let isOpen = false;
  const refuse = (thrown: unknown): void => {
    note(thrown);
    if (isOpen) client.destroy();
    else client.end(head("403 Forbidden", { "content-length": "0", connection: "close" }));
  };
  client.on("error", () => client.destroy());
  try {
    guard.checkLiteral(host);
  } catch (thrown) {
    refuse(thrown);
    return client;
  }
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  const server = connect({ host: plain, port: Number(port), lookup: guard.lookup });
  server.once("connect", () => {
    isOpen = true;
    client.write(head("200 Connection established", {}));
    server.write(early);
    client.pipe(server).pipe(client);
  });
  server.on("error", refuse);
  client.once("close", () => server.destroy());
  // What is still on its way to the client, such as a refusal, arrives before the end.
  server.once("close", () => client.end());
  return server;
}

const head = (status: string, fields: Readonly<Record<string, string>>): string =>
  [`HTTP/1.1 ${status}`, ...Object.entries(fields).map((field) => field.join(": ")), "", ""].join(
    "\r\n",
  );

/** A request with a whole address, as clients send it for plain http. */
function forward(
  asked: IncomingMessage,
  answer: ServerResponse,
  guard: AddressGuard,
  note: (thrown: unknown) => void,
): void {
  const refuse = (thrown: unknown): void => {
    note(thrown);
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(403).end();
  };
  try {
    const url = new URL(asked.url ?? "");
    guard.checkLiteral(url.hostname);
    const { "proxy-authorization": _mine, "proxy-connection": _old, ...headers } = asked.headers;
    const options = { method: asked.method, headers, lookup: guard.lookup, agent: false };
    const sent = request(url, options, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      response.on("error", refuse);
    });
    sent.on("error", refuse);
    answer.once("close", () => sent.destroy());
    asked.pipe(sent);
  } catch (thrown) {
    refuse(thrown);
  }
}
