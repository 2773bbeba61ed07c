import type Docker from "dockerode";
import { type Clock } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { DriverWatch, TaskKey, TaskOwner } from "../port.ts";
import { identityOf, ownerFilter } from "./labels.ts";

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** Follows the engine's events and comes back after each loss. Only hints: whoever listens also polls. */
export function watchEngine(
  clock: Clock,
  log: Logger,
  engine: Docker,
  { owner, changed }: { readonly owner: TaskOwner; readonly changed: (key: TaskKey) => void },
): DriverWatch {
  const closed = new AbortController();
  let cancelRetry: () => void = () => undefined;
  let retryMs = firstRetryMs;

  function retry(reason: unknown): void {
    if (closed.signal.aborted) return;
    log.debug(
      { reason: errorText(reason), afterMs: retryMs },
      "engine events lost, will listen again",
    );
    cancelRetry = clock.after(retryMs, () => {
      void listen();
    });
    retryMs = Math.min(longestRetryMs, retryMs * 2);
  }

  async function listen(): Promise<void> {
    try {
      const stream = await engine.getEvents({
        abortSignal: closed.signal,
        filters: {
          type: ["container"],
          event: ["die", "oom", "destroy", "start", "pause", "unpause"],
          ...ownerFilter(owner),
        },
      });
      retryMs = firstRetryMs;
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) report(line, changed);
      });
      stream.once("error", retry);
      stream.once("close", () => {
        stream.removeListener("error", retry);
        stream.on("error", () => undefined);
        retry(new Error("the event stream ended"));
      });
    } catch (thrown) {
      retry(thrown);
    }
  }

  void listen();
  return {
    close() {
      closed.abort();
      cancelRetry();
    },
  };
}

function report(line: string, changed: (key: TaskKey) => void): void {
  if (line.trim() === "") return;
  const event: unknown = JSON.parse(line);
  const labels =
    (event as { Actor?: { Attributes?: { [name: string]: string } } }).Actor?.Attributes ?? {};
  const identity = identityOf(labels);
  if (identity !== undefined) changed(identity.key);
}
