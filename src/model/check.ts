/** One health check of one allocation, ready to run: every word interpolated, every port looked up. */
export interface CheckPlan {
  /** The public check id: a hash over what the check is. */
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Empty for a service of the group. */
  readonly task: string;
  /** Named as the wire has it; it holds the allocation's name. */
  readonly group: string;
  readonly mode: "healthiness" | "readiness";
  readonly type: "tcp" | "http";
  readonly target: CheckTarget | undefined;
  readonly protocol: "http" | "https";
  readonly path: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: readonly string[] };
  readonly body: string;
  readonly skipsTlsVerify: boolean;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The task that restarts when the check stays unhealthy. */
  readonly restart:
    | { readonly task: string; readonly limit: number; readonly graceMs: number }
    | undefined;
}
export interface CheckTarget {
  readonly host: string;
  readonly port: number;
}
export interface CheckResult {
  readonly status: "pending" | "success" | "failure";
  readonly statusCode: number;
  readonly output: string;
  /** When this was found out last. */
  readonly atNs: number;
  /** Since when the status is what it is. */
  readonly sinceNs: number;
}
export interface CheckState {
  readonly plan: CheckPlan;
  readonly result: CheckResult;
}
