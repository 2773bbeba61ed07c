/** Time as a port: everything that waits or stamps gets one of these, so tests can advance it by hand. */
export type UnixNanoseconds = number;

export interface Clock {
  /** Unix time in nanoseconds, made at whole microseconds: a double prints those exactly. */
  nowNs(): UnixNanoseconds;
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Never jumps; only for measuring and waiting. */
  monotonicMs(): number;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
  /** Calls in the next step of the event loop: timers and sockets that are ready come first. */
  nextStep(call: () => void): void;
}

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      cancel();
      if (signal) reject(abortReason(signal));
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

const abortReason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error("aborted");
