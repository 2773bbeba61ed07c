/** Why no answer came, in the words that scripts around this CLI already look for. */
export function transportError(method: string, url: string, error: unknown): Error {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  return new Error(`${verb} ${JSON.stringify(url)}: ${reasonOf(error)}`, { cause: error });
}

interface SystemFailure {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly message?: string;
  readonly errors?: readonly SystemFailure[];
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "connect: connection timed out",
  ENOENT: "connect: no such file or directory",
  EACCES: "connect: permission denied",
};

function reasonOf(thrown: unknown): string {
  // A name with several addresses fails with all of their errors together; the last one tried is shown.
  const outer = (thrown ?? {}) as SystemFailure;
  const failure = outer.errors?.at(-1) ?? outer;
  const { code = "", address = "", port } = failure;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `dial tcp: lookup ${failure.hostname ?? ""}: no such host`;
  if (code === "ECONNRESET")
    return failure.message === "socket hang up" ? "EOF" : "read: connection reset by peer";
  const known = words[code];
  if (known === undefined) return failure.message ?? String(thrown);
  if (port === undefined) return `dial unix ${address}: ${known}`;
  const host = address.includes(":") ? `[${address}]` : address;
  return `dial tcp ${host}:${port}: ${known}`;
}
