import type { TerminalPort } from "../../src/cli/ports.ts";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { FakeClock } from "../support/fake-clock.ts";
import { runCli } from "../../src/cli/main.ts";
import type { CliPorts, Environment } from "../../src/cli/ports.ts";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}
export interface FakeAnswer {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is instead of JSON. */
  readonly text?: string;
  readonly index?: number;
  readonly headers?: { readonly [name: string]: string };
}
/** Keys are `GET /v1/jobs`; a list of answers is used up one by one, its last one stays. */
export type Routes = Record<
  string,
  FakeAnswer | readonly FakeAnswer[] | ((request: SeenRequest) => FakeAnswer)
>;

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly SeenRequest[];
}
export interface CliOptions {
  readonly env?: Environment;
  readonly stdin?: string;
  readonly ports?: Partial<CliPorts>;
  readonly tty?: boolean;
}

export const quietAgent: Routes = {
  "GET /v1/agent/self": { body: { config: { UI: { Enabled: true, ShowCLIHints: false } } } },
};

/** Runs one command line against an agent that answers from a table. */
export async function runAgainst(
  routes: Routes,
  argv: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const requests: SeenRequest[] = [];
  const used = new Map<string, number>();
  const server = createServer((request, response) => {
    void answerTo(request, response);
  });
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);

    const url = new URL(request.url ?? "/", "http://x");
    const seen = {
      method: request.method ?? "",
      path: decodeURI(url.pathname),
      query: url.searchParams,
      body,
    };
    requests.push(seen);
    const key = `${seen.method} ${seen.path}`;
    const route = { ...quietAgent, ...routes }[key];
    const answer = pick(route, seen, used, key);
    response.writeHead(answer.status ?? 200, {
      "X-Nomad-Index": String(answer.index ?? 7),
      ...answer.headers,
    });
    response.end(answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body)));
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const collect = (into: Uint8Array[]) => ({
    write: (text: string | Uint8Array) => into.push(Buffer.from(text)),
    isTTY: options.tty ?? false,
  });
  const clock = new FakeClock();
  // Waits of the commands pass at once.
  const hurry = setInterval(() => {
    if (clock.pendingTimers() > 0) void clock.advance(1000);
  }, 1);
  try {
    const code = await runCli(
      argv,
      { NOMAD_ADDR: `http://127.0.0.1:${port}`, ...options.env },
      { stdin: inputOf(options.stdin ?? ""), stdout: collect(out), stderr: collect(err) },
      {
        clock,
        zoneOffset: () => 0,
        onInterrupt: () => () => undefined,
        terminal: silentTerminal,
        ...options.ports,
      },
    );
    const text = (chunks: readonly Uint8Array[]): string =>
      Buffer.concat(chunks).toString("utf8").replaceAll(`127.0.0.1:${port}`, "HOST");
    return { code, out: text(out), err: text(err), requests };
  } finally {
    clearInterval(hurry);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function pick(
  route: Routes[string] | undefined,
  seen: SeenRequest,
  used: Map<string, number>,
  key: string,
): FakeAnswer {
  if (route === undefined) return { status: 404, text: `no fake answer for ${key}` };
  if (typeof route === "function") return route(seen);
  if (!Array.isArray(route)) return route as FakeAnswer;
  const at = used.get(key) ?? 0;
  used.set(key, at + 1);
  return (route as readonly FakeAnswer[])[Math.min(at, route.length - 1)] ?? {};
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

async function* inputOf(text: string): AsyncGenerator<Buffer> {
  if (text !== "") yield Buffer.from(text);
}

const silentTerminal: TerminalPort = {
  size: () => ({ columns: 80, rows: 24 }),
  raw: () => () => undefined,
  onResize: () => () => undefined,
  release: () => undefined,
};
