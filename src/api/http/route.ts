import { texts } from "../errors.ts";

/** The capability that a token will need; checked when access control is built. */
export type Right =
  | "any"
  | "list-jobs"
  | "read-job"
  | "submit-job"
  | "parse-job"
  | "read-job-scaling"
  | "alloc-lifecycle"
  | "alloc-exec"
  | "read-fs"
  | "read-logs"
  | "csi-list-volume"
  | "node:read"
  | "node:write"
  | "agent:read"
  | "agent:write"
  | "operator:read"
  | "operator:write"
  | "management";

/** server: state of a region. client: asked of the agent that runs the allocation; open to other origins. agent: this one. */
export type Scope = "server" | "client" | "agent";

export interface ListFlags {
  readonly prefix?: boolean;
  readonly paging?: boolean;
  readonly filter?: boolean;
  readonly reverse?: boolean;
  /** `namespace=*` is every namespace. */
  readonly wildcard?: boolean;
}
export interface ReadFlags extends ListFlags {
  /** The encoded answer is kept per (index, query). */
  readonly cached?: boolean;
  /** Also asked with POST, the body telling which objects. */
  readonly post?: boolean;
  /** Answers without index headers and never waits. */
  readonly bare?: boolean;
}
interface Common {
  readonly path: string;
  /** undefined: any. */
  readonly methods: readonly string[] | undefined;
  readonly right: Right;
  readonly scope: Scope;
}
/** A synchronous read of the state; waits for `index` unless it is bare. */
export interface ReadRoute extends Common {
  readonly kind: "read";
  readonly flags: ReadFlags;
}
export interface ActionRoute extends Common {
  readonly kind: "action";
}
/** The same text for everybody. */
export interface FixedRoute extends Common {
  readonly kind: "fixed";
  readonly status: number;
  readonly text: string;
}
/** A websocket: asked once, then both sides talk. */
export interface SessionRoute extends Common {
  readonly kind: "session";
}
export interface PageRoute extends Common {
  readonly kind: "page";
}
export type Route = ReadRoute | ActionRoute | FixedRoute | PageRoute | SessionRoute;

const get = ["GET"] as const;
const put = ["PUT", "POST"] as const;

export const read = (path: string, right: Right, flags: ReadFlags = {}): ReadRoute => ({
  kind: "read",
  path,
  right,
  flags,
  methods: flags.post === true ? ["GET", "POST"] : get,
  scope: "server",
});

const acting =
  (methods: readonly string[] | undefined, scope: Scope) =>
  (path: string, right: Right): ActionRoute => ({ kind: "action", path, right, methods, scope });

export const action = acting(put, "server");
export const del = acting(["DELETE"], "server");
export const putOnly = acting(["PUT"], "server");
/** Of a region's state, but not out of the store. */
export const serverGet = acting(get, "server");
export const clientGet = acting(get, "client");
/** Asked with whatever method. */
export const clientAny = acting(undefined, "client");
export const clientPut = acting(put, "client");
export const agentGet = acting(get, "agent");
export const agentPut = acting(put, "agent");

export const session = (path: string, right: Right): SessionRoute => ({
  kind: "session",
  path,
  right,
  methods: get,
  scope: "client",
});

const fixed = (path: string, status: number, text: string): FixedRoute => ({
  kind: "fixed",
  path,
  status,
  text,
  methods: undefined,
  right: "any",
  scope: path.startsWith("/v1/client/") || path.startsWith("/v1/var") ? "client" : "agent",
});

/** A published route that is not built yet says so, by name. */
export const later = (method: string, path: string, what: string): FixedRoute => ({
  ...fixed(path, 501, `${what}: not built yet (${method} ${path.replace(/[*:]/g, ":")})`),
  methods: method === "PUT" ? put : [method],
});
export const enterprise = (path: string, method?: string): FixedRoute => ({
  ...fixed(path, 501, texts.enterprise),
  methods: method === undefined ? undefined : method === "PUT" ? put : [method],
});
export const acl = (path: string): FixedRoute => fixed(path, 400, texts.aclDisabled);
export const refuse = (path: string, status: number, text: string): FixedRoute =>
  fixed(path, status, text);

export const page = (path: string): PageRoute => ({
  kind: "page",
  path,
  methods: get,
  right: "any",
  scope: "agent",
});
