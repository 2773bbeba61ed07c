import type { IncomingMessage, RequestOptions } from "node:http";
import type { TextSocket } from "../lib/system/websocket.ts";
import { transportError } from "./transport-error.ts";

export interface TlsOptions {
  readonly ca?: readonly Buffer[];
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly serverName?: string;
  readonly skipVerify?: boolean;
}
export interface NomadClientOptions {
  /** `http://host:port`, `https://host:port` or `unix:///path/of/socket`. */
  readonly address: string;
  readonly region?: string;
  readonly namespace?: string;
  readonly token?: string;
  /** `user:password` for a proxy in front of the agent. */
  readonly httpAuth?: string;
  readonly tls?: TlsOptions;
}
/** A list is sent as the same name several times. */
export type Query = {
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
};

/** An answer of the agent with what its headers say about it. */
export interface Answer<T> {
  readonly value: T;
  /** X-Nomad-Index; 0 when the route has none. */
  readonly index: number;
  readonly nextToken: string;
}
export interface RawAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: Buffer;
}
export interface RequestSpec {
  readonly method: string;
  /** With the leading `/v1`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  readonly signal?: AbortSignal;
}

/** The agent answered, and not with 200. */
export class ResponseError extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`Unexpected response code: ${status} (${body})`);
    this.name = "ResponseError";
    this.status = status;
    this.body = body;
  }
}

/**
 * The HTTP API as a client sees it. Region and namespace are sent with every call unless the call names its own.
 * Answers are trusted to have the type asked for: the agent is the one that decodes strictly.
 */
export class NomadClient {
  readonly options: NomadClientOptions;

  constructor(options: NomadClientOptions) {
    // Fails early on an address that no request could use.
    targetOf(options);
    this.options = options;
  }

  with(changes: Partial<NomadClientOptions>): NomadClient {
    return new NomadClient({ ...this.options, ...changes });
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer<T>> {
    return this.send<T>({ method: "GET", path, query, ...(signal ? { signal } : {}) });
  }

  put<T>(path: string, body?: unknown, query: Query = {}): Promise<Answer<T>> {
    return this.send<T>({ method: "PUT", path, query, body });
  }

  delete<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    return this.send<T>({ method: "DELETE", path, query });
  }

  /** Sends and decodes JSON; an empty answer is undefined. Anything but 200 is a `ResponseError`. */
  async send<T>(spec: RequestSpec): Promise<Answer<T>> {
    const answer = await this.raw(spec);
    const text = answer.body.toString("utf8");
    if (answer.status !== 200) throw new ResponseError(answer.status, text.trimEnd());
    return {
      value: (text === "" ? undefined : JSON.parse(text)) as T,
      index: Number(answer.headers["x-nomad-index"] ?? 0),
      nextToken: String(answer.headers["x-nomad-nexttoken"] ?? ""),
    };
  }

  /** Sends and returns whatever comes back, unread by status. */
  async raw(spec: RequestSpec): Promise<RawAnswer> {
    const response = await this.#open(spec);
    const body = await collect(response);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  /** Sends and hands the body out as it arrives. */
  async stream(spec: RequestSpec): Promise<AsyncIterable<Buffer>> {
    const response = await this.#open(spec);
    if (response.statusCode !== 200)
      throw new ResponseError(
        response.statusCode ?? 0,
        (await collect(response)).toString("utf8").trimEnd(),
      );
    return response;
  }

  /** Opens a websocket; an answer that is none is a `ResponseError`. */
  async websocket(spec: Pick<RequestSpec, "path" | "query">): Promise<TextSocket> {
    const target = targetOf(this.options);
    // Loaded when it is needed: few commands do.
    const { openWebSocket, UpgradeRefused } = await import("../lib/system/websocket.ts");
    const { socketPath } = target.connection;
    const origin = target.origin.replace(/^http/, "ws");
    const path = `${spec.path}${this.#queryText(spec.query ?? {})}`;
    try {
      return await openWebSocket(`${origin}${path}`, {
        headers: this.headers(),
        tls: target.secure ? tlsConnection(this.options.tls ?? {}) : {},
        ...(socketPath ? { socketPath } : {}),
      });
    } catch (thrown) {
      if (thrown instanceof UpgradeRefused) throw new ResponseError(thrown.status, thrown.body);
      if (thrown instanceof Error)
        throw transportError("GET", this.url(spec.path, spec.query), thrown);
      throw thrown;
    }
  }

  /** The full address of a call, as error messages and `operator api` show it. */
  url(path: string, query: Query = {}): string {
    return `${targetOf(this.options).origin}${path}${this.#queryText(query)}`;
  }

  headers(): { [name: string]: string } {
    const { token, httpAuth } = this.options;
    return {
      ...(token ? { "X-Nomad-Token": token } : {}),
      ...(httpAuth ? { Authorization: `Basic ${Buffer.from(httpAuth).toString("base64")}` } : {}),
    };
  }

  async #open(spec: RequestSpec): Promise<IncomingMessage> {
    const target = targetOf(this.options);
    // Loaded with the first call: commands that ask nobody start without them.
    const { request: send } = await (target.secure ? import("node:https") : import("node:http"));
    const url = this.url(spec.path, spec.query);
    const payload = encodeBody(spec.body);
    const options: RequestOptions & { readonly servername?: string } = {
      ...target.connection,
      method: spec.method,
      path: `${target.basePath}${spec.path}${this.#queryText(spec.query ?? {})}`,
      agent: false,
      headers: {
        "Accept-Encoding": "identity",
        ...this.headers(),
        ...(payload ? { "Content-Length": payload.length } : {}),
        ...spec.headers,
      },
      ...(spec.signal ? { signal: spec.signal } : {}),
    };
    return new Promise((resolve, reject) => {
      const request = send(options, resolve);
      request.on("error", (error) => {
        reject(transportError(spec.method, url, error));
      });
      request.end(payload);
    });
  }

  #queryText(query: Query): string {
    const { region, namespace } = this.options;
    const all: Query = {
      ...(namespace ? { namespace } : {}),
      ...(region ? { region } : {}),
      ...query,
    };
    const pairs = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((one) => [name, one]),
      )
      .map(
        ([name, one]) => `${encodeURIComponent(String(name))}=${encodeURIComponent(String(one))}`,
      );
    return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  }
}

interface Target {
  readonly origin: string;
  readonly basePath: string;
  readonly secure: boolean;
  readonly connection: RequestOptions & { readonly servername?: string };
}

function targetOf(options: NomadClientOptions): Target {
  const url = parseAddress(options.address);
  if (url.protocol === "unix:")
    return {
      origin: `http://127.0.0.1`,
      basePath: "",
      secure: false,
      connection: { socketPath: decodeURIComponent(url.pathname) },
    };
  const { tls } = options;
  const secure = url.protocol === "https:";
  return {
    origin: `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, "")}`,
    basePath: url.pathname.replace(/\/$/, ""),
    secure,
    connection: {
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (secure ? 443 : 80),
      ...(secure ? tlsConnection(tls ?? {}) : {}),
    },
  };
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !["http:", "https:", "unix:"].includes(url.protocol))
    throw new Error(`invalid address '${address}': expected http://, https:// or unix://`);
  return url;
}

const tlsConnection = (tls: TlsOptions): object => ({
  ...(tls.ca ? { ca: [...tls.ca] } : {}),
  ...(tls.cert ? { cert: tls.cert } : {}),
  ...(tls.key ? { key: tls.key } : {}),
  ...(tls.serverName ? { servername: tls.serverName } : {}),
  ...(tls.skipVerify ? { rejectUnauthorized: false } : {}),
});

function encodeBody(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
