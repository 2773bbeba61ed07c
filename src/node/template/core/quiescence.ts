/** How long new content has to stay the same before it is written, and how long that may put it off. */
export interface Wait {
  readonly minMs: number;
  readonly maxMs: number;
}

/** New content that is not written yet. */
export interface Pending {
  readonly text: string;
  /** When content first differed from what is written. */
  readonly sinceMs: number;
  readonly dueMs: number;
}

/** What is pending once a rendering gave `text`; nothing when that is what is written already. */
export function nextPending(
  text: string,
  state: { readonly written: string | undefined; readonly pending: Pending | undefined },
  { nowMs, wait }: { readonly nowMs: number; readonly wait: Wait },
): Pending | undefined {
  if (text === state.written) return undefined;
  if (text === state.pending?.text) return state.pending;
  const sinceMs = state.pending?.sinceMs ?? nowMs;
  return { text, sinceMs, dueMs: Math.min(nowMs + wait.minMs, sinceMs + wait.maxMs) };
}

/** Without an upper bound content may be put off four times as long as it has to stay. */
export function waitOf(
  block: { readonly Min: number | null; readonly Max: number | null } | null,
  fallback: Wait,
): Wait {
  if (block === null) return fallback;
  const minMs = (block.Min ?? 0) / 1e6;
  return { minMs, maxMs: block.Max === null ? 4 * minMs : block.Max / 1e6 };
}
