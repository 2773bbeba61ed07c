import { request as plainRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { abortReasonOf } from "../../lib/abort.ts";
import type { AddressGuard } from "./address-guard.ts";
import type { Deadline } from "./deadline.ts";
import { failure } from "./failure.ts";

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isInsecure: boolean;
  readonly guard: AddressGuard;
  readonly deadline: Deadline;
}

const mostRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);
/** What another origin may see of the headers that were meant for the first one. */
const harmless = new Set(["accept", "accept-language", "user-agent"]);

/** Asks for the address and follows it to where it leads. The answer is 200; its body is not read yet. */
export async function openHttp(request: HttpRequest): Promise<IncomingMessage> {
  const first = new URL(request.url);
  let url = first;
  for (let count = 0; ; count++) {
    const response = await ask(url, headersFor(url, first, request.headers), request);
    request.deadline.progress();
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    const location = response.headers.location;
    if (!redirects.has(status) || location === undefined)
      throw failure(`bad response code: ${status}`);
    if (count === mostRedirects) throw failure(`stopped after ${mostRedirects} redirects`);
    url = nextUrl(url, location);
  }
}

function nextUrl(from: URL, location: string): URL {
  let next: URL;
  try {
    next = new URL(location, from);
  } catch (cause) {
    throw failure("the server redirects to something that is no address", cause);
  }
  if (next.protocol !== "http:" && next.protocol !== "https:")
    throw failure(`the server redirects to ${next.protocol}, and only http and https are followed`);
  // A server does not choose with which words this node names itself elsewhere.
  next.username = "";
  next.password = "";
  return next;
}

function headersFor(url: URL, first: URL, given: HttpRequest["headers"]): Record<string, string> {
  const isSame = url.origin === first.origin;
  const own = Object.entries(given).filter(([name]) => isSame || harmless.has(name.toLowerCase()));
  const hasAuthorization = own.some(([name]) => name.toLowerCase() === "authorization");
  return {
    "accept-encoding": "identity",
    "user-agent": "nomad-ts",
    ...(isSame && !hasAuthorization ? basicAuthorization(first) : {}),
    ...Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value])),
  };
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(words).toString("base64")}` };
}

function ask(url: URL, headers: Record<string, string>, request: HttpRequest) {
  const { guard, deadline, isInsecure } = request;
  // A socket asks nobody for an address that stands in the URL itself.
  guard.checkLiteral(url.hostname);
  const options = {
    headers,
    agent: false,
    signal: deadline.signal,
    lookup: guard.lookup,
    rejectUnauthorized: !isInsecure,
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const bare = new URL(url);
    bare.username = "";
    bare.password = "";
    const send = url.protocol === "https:" ? secureRequest : plainRequest;
    const sent = send(bare, options, resolve);
    sent.on("error", (thrown) => {
      reject(deadline.signal.aborted ? abortReasonOf(deadline.signal) : thrown);
    });
    sent.end();
  });
}
