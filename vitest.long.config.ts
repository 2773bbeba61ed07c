import { defineConfig } from "vitest/config";
import standard from "./vitest.config.ts";

/** Long runs, not part of `npm test`: `npm run test:kill`. */
export default defineConfig({
  test: { ...standard.test, include: ["test/**/*.long.ts"] },
});
