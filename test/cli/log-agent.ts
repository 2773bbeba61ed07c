import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

interface LogFile {
  readonly name: string;
  data: string;
  modTime: string;
}
interface FakeAllocation {
  readonly ID: string;
  ClientStatus: string;
  readonly TaskStates: Record<string, { State: string; StartedAt: string; FinishedAt?: string }>;
  readonly CreateIndex: number;
}
/** An agent whose one job writes what a test says, and whose readers wait as they would for a real one. */
export interface LogAgent {
  readonly address: string;
  readonly follows: () => number;
  /** Begins an allocation of which these tasks run. */
  begin(id: string, ...tasks: readonly string[]): void;
  /** `modTime`: when it was written last, if not now. */
  write(id: string, file: string, text: string, modTime?: string): void;
  end(id: string, finishedAt?: string): void;
  forget(id: string): void;
  /** Cuts all streams of logs that are open. */
  cut(): void;
  close(): Promise<void>;
}

export async function logAgent(job: string): Promise<LogAgent> {
  const allocations = new Map<string, FakeAllocation>();
  const files = new Map<string, LogFile[]>();
  const waiting = new Set<() => void>();
  const streams = new Set<ServerResponse>();
  let index = 10;
  const wake = (): void => {
    for (const call of waiting) call();
  };
  const changed = (): void => {
    index++;
    wake();
  };
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      const call = (): void => {
        waiting.delete(call);
        resolve();
      };
      waiting.add(call);
    });
  const logsOf = (id: string, prefix: string): LogFile[] =>
    (files.get(id) ?? []).filter((file) => file.name.startsWith(prefix));
  const json = (response: ServerResponse, value: unknown): void => {
    response.writeHead(200, { "X-Nomad-Index": String(index) }).end(JSON.stringify(value));
  };
  const sendLogs = async (response: ServerResponse, id: string, query: URLSearchParams) => {
    const prefix = `${query.get("task") ?? ""}.${query.get("type") ?? ""}.`;
    streams.add(response);
    response.flushHeaders();
    let at = Number(query.get("offset"));
    while (!response.destroyed) {
      let before = 0;
      for (const { name, data } of logsOf(id, prefix)) {
        const [from, end] = [Math.max(0, at - before), before + data.length];
        if (end > at) {
          const Data = Buffer.from(data.slice(from)).toString("base64");
          response.write(JSON.stringify({ Data, File: `alloc/logs/${name}`, Offset: data.length }));
          at = end;
        }
        before = end;
      }
      if (query.get("follow") !== "true") break;
      await change();
    }
    streams.delete(response);
    response.end();
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://x");
    const id = pathname.split("/").at(-1) ?? "";
    if (pathname === `/v1/job/${job}`) json(response, { ID: job, Namespace: "default" });
    else if (pathname === "/v1/jobs") json(response, [{ ID: job, Namespace: "default" }]);
    else if (pathname === "/v1/allocations") json(response, []);
    else if (pathname === `/v1/job/${job}/allocations`) {
      while (Number(query.get("index") ?? 0) >= index && !response.destroyed) await change();
      json(response, [...allocations.values()]);
    } else if (!allocations.has(id)) response.writeHead(404).end(`Unknown allocation "${id}"`);
    else if (pathname.startsWith("/v1/client/fs/ls/"))
      json(
        response,
        (files.get(id) ?? []).map(({ name, data, modTime }) => ({
          Name: name,
          Size: data.length,
          ModTime: modTime,
        })),
      );
    else await sendLogs(response, id, query);
  };
  const server = createServer((request, response) => {
    response.on("close", () => void setImmediate().then(wake));
    void answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    address: `http://127.0.0.1:${port}`,
    follows: () => streams.size,
    begin(id, ...tasks) {
      const state = { State: "running", StartedAt: "2026-01-01T00:00:00Z" };
      const TaskStates = Object.fromEntries(tasks.map((task) => [task, { ...state }]));
      allocations.set(id, { ID: id, ClientStatus: "running", TaskStates, CreateIndex: index });
      changed();
    },
    write(id, name, text, modTime = new Date().toISOString()) {
      const all = files.get(id) ?? [];
      const file = all.find((one) => one.name === name);
      if (file) Object.assign(file, { data: file.data + text, modTime });
      else all.push({ name, data: text, modTime });
      files.set(id, all);
      wake();
    },
    end(id, finishedAt = "2026-01-01T01:00:00Z") {
      const allocation = allocations.get(id);
      if (!allocation) throw new Error(`no allocation ${id}`);
      allocation.ClientStatus = "complete";
      for (const state of Object.values(allocation.TaskStates))
        Object.assign(state, { State: "dead", FinishedAt: finishedAt });
      changed();
    },
    forget(id) {
      allocations.delete(id);
      changed();
    },
    cut() {
      for (const stream of streams) stream.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
