import * as http from "node:http";
import * as https from "node:https";
import { connect } from "node:net";
import type { Clock } from "../lib/clock.ts";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { CheckPlan, CheckResult, CheckState, CheckTarget } from "../model/check.ts";

const mostBodyBytes = 3 * 1024;
const mostAtOnce = 64;

export interface HealthChecksOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** A check of this allocation has another status now. */
  readonly changed: (allocationId: string) => void;
}
interface Running {
  readonly allocationId: string;
  readonly plan: CheckPlan;
  result: CheckResult;
}

/** Runs the health checks of this node's allocations, each in its interval. Results live in memory only. */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #loop: ReconcileLoop;
  readonly #checks = new Map<string, Running>();

  constructor(options: HealthChecksOptions) {
    this.#options = options;
    this.#loop = new ReconcileLoop(options.clock, options.random, options.log, {
      name: "health-checks",
      concurrency: mostAtOnce,
      reconcile: async (key, signal) => {
        const check = this.#checks.get(key);
        if (!check) return { kind: "done" };
        await this.#run(check, signal);
        return { kind: "again", afterMs: check.plan.intervalMs, reason: "interval" };
      },
    });
  }

  /** From now on exactly these checks run for the allocation. */
  sync(allocationId: string, plans: readonly CheckPlan[]): void {
    const wanted = new Map(plans.map((plan) => [`${allocationId}/${plan.id}`, plan]));
    for (const [key, { allocationId: owner }] of this.#checks)
      if (owner === allocationId && !wanted.has(key)) this.#checks.delete(key);
    for (const [key, plan] of wanted) {
      if (this.#checks.has(key)) continue;
      const nowNs = this.#options.clock.nowNs();
      const waiting = {
        status: "pending",
        statusCode: 0,
        output: "nomad: waiting to run",
      } as const;
      const result = { ...waiting, atNs: nowNs, sinceNs: nowNs };
      this.#checks.set(key, { allocationId, plan, result });
      this.#loop.add(key);
    }
  }

  states(allocationId: string): readonly CheckState[] {
    return [...this.#checks.values()]
      .filter((check) => check.allocationId === allocationId)
      .map(({ plan, result }) => ({ plan, result }));
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(check: Running, signal: AbortSignal): Promise<void> {
    const outcome = await perform(check.plan, signal);
    if (signal.aborted) return;
    const nowNs = this.#options.clock.nowNs();
    const isSame = check.result.status === outcome.status;
    check.result = { ...outcome, atNs: nowNs, sinceNs: isSame ? check.result.sinceNs : nowNs };
    if (!isSame) this.#options.changed(check.allocationId);
  }
}

type Outcome = Pick<CheckResult, "status" | "statusCode" | "output">;
const failure = (output: string, statusCode = 0): Outcome => ({
  status: "failure",
  statusCode,
  output,
});

async function perform(plan: CheckPlan, stopped: AbortSignal): Promise<Outcome> {
  if (!plan.target) return failure("nomad: the check has no port");
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(Math.ceil(plan.timeoutMs))]);
  try {
    return await (plan.type === "tcp"
      ? checkTcp(plan.target, signal)
      : checkHttp(plan, plan.target, signal));
  } catch (thrown) {
    return failure(`nomad: ${signal.aborted ? "the check timed out" : errorText(thrown)}`);
  }
}

function checkTcp({ host, port }: CheckTarget, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once("connect", () => {
      socket.destroy();
      resolve({ status: "success", statusCode: 0, output: "nomad: tcp ok" });
    });
    socket.once("error", reject);
  });
}

function checkHttp(
  plan: CheckPlan,
  { host, port }: CheckTarget,
  signal: AbortSignal,
): Promise<Outcome> {
  const options: https.RequestOptions = {
    host,
    port,
    path: plan.path.startsWith("/") ? plan.path : `/${plan.path}`,
    method: plan.method,
    headers: Object.fromEntries(Object.entries(plan.headers).map(([k, v]) => [k, [...v]])),
    signal,
    // A connection of its own each time: a kept one could outlive the task behind it.
    agent: false,
    rejectUnauthorized: !plan.skipsTlsVerify,
  };
  return new Promise((resolve, reject) => {
    const request = (plan.protocol === "https" ? https : http).request(options, (response) => {
      const code = response.statusCode ?? 0;
      readBody(response).then((body) => {
        resolve(
          code < 400
            ? { status: "success", statusCode: code, output: "nomad: http ok" }
            : failure(body, code),
        );
        return undefined;
      }, reject);
    });
    request.once("error", reject);
    request.end(plan.body);
  });
}

/** As much of the body as the output shows; the rest is not waited for. */
async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const piece = Buffer.from(chunk as Uint8Array);
    chunks.push(piece);
    length += piece.length;
    if (length >= mostBodyBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBodyBytes).toString("utf8");
}
