/** Waits for a real-world condition, looking every `pollMs`; fails with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  {
    timeoutMs = 60_000,
    pollMs = 25,
  }: { readonly timeoutMs?: number; readonly pollMs?: number } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end)
      throw new Error(`gave up after ${timeoutMs} ms waiting for: ${what}`);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}
