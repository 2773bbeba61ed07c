import { createServer, connect, type Socket } from "node:net";

/** Stands between a driver and its engine on a unix socket and does to the traffic what a test asks for. */
export interface SocketProxy {
  readonly endpoint: string;
  /** `pass` forwards, `hang` keeps requests for itself, `fail` answers 500, `refuse` closes at once. */
  mode: "pass" | "hang" | "fail" | "refuse";
  delayMs: number;
  /** How many connections have been opened. */
  opened: number;
  /** Cuts every connection that is open now. */
  cut(): void;
  close(): Promise<void>;
}

const failure =
  'HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 18\r\nConnection: close\r\n\r\n{"message":"ouch"}';

export async function openSocketProxy(path: string, target: string): Promise<SocketProxy> {
  const sockets = new Set<Socket>();
  const proxy: SocketProxy = {
    endpoint: `unix://${path}`,
    mode: "pass",
    delayMs: 0,
    opened: 0,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        proxy.cut();
      }),
  };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    proxy.opened += 1;
    if (proxy.mode === "refuse") client.destroy();
    else if (proxy.mode === "fail") client.once("data", () => client.end(failure));
    else if (proxy.mode === "hang") client.resume();
    else
      setTimeout(() => {
        const engine = connect(target);
        keep(engine);
        client.pipe(engine).pipe(client);
        client.on("close", () => engine.destroy());
        engine.on("close", () => client.destroy());
      }, proxy.delayMs);
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return proxy;
}
