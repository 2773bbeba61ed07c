import { FakeClock } from "../support/fake-clock.ts";

/**
 * A clock that stands still while anything real is under way: files, promises, immediates. What happens then depends on
 * the order of the timers alone, so that a seed gives the same hours again.
 */
export const createVirtualClock = (): FakeClock => new FakeClock(undefined, quiet);

/** Until no file is asked for and nothing is left to run. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 2;) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    const isBusy = process.getActiveResourcesInfo().some((name) => /^(?:FS|FileHandle)/.test(name));
    calm = isBusy ? 0 : calm + 1;
  }
}
