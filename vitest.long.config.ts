import { defineConfig } from "vitest/config";
import standard from "./vitest.config.ts";

/** Long runs, not part of `npm test`: `npm run test:kill`. */
export default defineConfig({
  // How long they take says more of the machine than of what is tried: only what hangs is meant.
  test: { ...standard.test, include: ["test/**/*.long.ts"], testTimeout: 3_600_000 },
});
