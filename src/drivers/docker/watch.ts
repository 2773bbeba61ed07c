import { type Clock, sleep } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { DriverWatch, TaskKey, TaskOwner } from "../port.ts";
import type { Engine } from "./engine.ts";
import { identityOf, networkOwner, ownerFilter } from "./labels.ts";

const firstRetryMs = 250;
const longestRetryMs = 15_000;
const events = ["start", "die", "oom", "pause", "unpause", "destroy", "health_status"];

interface Listener {
  readonly owner: TaskOwner;
  readonly changed: (key: TaskKey) => void;
}

/**
 * Follows the engine's events and comes back after each loss. After each opening every task is hinted once, since
 * nobody knows what happened in between. Only hints: whoever listens also polls.
 */
export function watchEngine(
  clock: Clock,
  log: Logger,
  engine: Engine,
  listener: Listener,
): DriverWatch {
  const closed = new AbortController();
  const { signal } = closed;

  async function run(): Promise<void> {
    let retryMs = firstRetryMs;
    const opened = (): void => {
      retryMs = firstRetryMs;
    };
    while (!signal.aborted) {
      let reason = "the event stream ended";
      try {
        await followEvents(engine, listener, { signal, opened });
      } catch (thrown) {
        reason = errorText(thrown);
      }
      if (signal.aborted) return;
      log.debug({ reason, afterMs: retryMs }, "engine events lost, will listen again");
      // The wait rejects only when it is called off, which the loop asks about next.
      await sleep(clock, retryMs, signal).catch(() => undefined);
      retryMs = Math.min(longestRetryMs, retryMs * 2);
    }
  }

  void run();
  return {
    close() {
      closed.abort(new Error("the watch was closed"));
    },
  };
}

async function followEvents(
  engine: Engine,
  { owner, changed }: Listener,
  { signal, opened }: { readonly signal: AbortSignal; readonly opened: () => void },
): Promise<void> {
  const stream = await engine.ask(
    { place: "docker-events", what: "listen to events", signal },
    (abortSignal) =>
      engine.docker.getEvents({
        abortSignal,
        filters: { type: ["container"], event: events, ...ownerFilter(owner) },
      }),
  );
  const stop = (): void => {
    if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    opened();
    const listed = await engine.ask(
      { place: "docker-list", what: "list containers", signal },
      (abortSignal) =>
        engine.docker.listContainers({ all: true, filters: ownerFilter(owner), abortSignal }),
    );
    for (const container of listed) hint(container.Labels, changed);
    let rest = "";
    stream.setEncoding("utf8");
    for await (const text of stream) {
      const lines = (rest + String(text)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter((one) => one.trim() !== "")) {
        const event: unknown = JSON.parse(line);
        hint((event as { Actor?: { Attributes?: Labels } }).Actor?.Attributes ?? {}, changed);
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

type Labels = { readonly [name: string]: string };

function hint(labels: Labels, changed: (key: TaskKey) => void): void {
  const identity = identityOf(labels);
  const network = networkOwner(labels);
  if (identity !== undefined) changed(identity.key);
  else if (network !== undefined) changed({ allocationId: network, task: "" });
}
