import { defineConfig } from "vitest/config";
import { shared } from "./vitest.config.ts";

/** Long runs, not part of `npm test`: `npm run test:kill`. */
export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 3,
    globalSetup: ["./test/support/build-dist.ts"],
    include: ["test/**/*.long.ts"],
    // How long they take says more of the machine than of what is tried: only what hangs is meant.
    testTimeout: 3_600_000,
  },
});
