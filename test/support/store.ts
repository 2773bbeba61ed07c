import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { OpenedStore, OpenStoreOptions } from "../../src/store/open-store.ts";

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "store-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A store with the real clock and real files; a fatal error fails the test by being thrown out of a microtask. */
export function openTestStore(
  dataDir: string,
  overrides: Partial<OpenStoreOptions> = {},
): Promise<OpenedStore> {
  return openStore({
    dataDir,
    serverId: "server-1",
    clock: createSystemClock(),
    random: systemRandom,
    log: silentLogger,
    onFatal: (error) => {
      throw error;
    },
    ...overrides,
  });
}
