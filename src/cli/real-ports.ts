import { createSystemClock } from "../lib/system/clock.ts";
import { loadJobFile } from "./job-parser.ts";
import type { CliPorts } from "./ports.ts";

/** The world as it is: real time, real signals, the real parser. */
export const realPorts = (version: string): CliPorts => ({
  clock: createSystemClock(),
  zoneOffset: (ms) => -new Date(ms).getTimezoneOffset(),
  loadJob: loadJobFile,
  runAgent: undefined,
  onInterrupt: (call) => {
    process.once("SIGINT", call);
    return () => {
      process.off("SIGINT", call);
    };
  },
  openBrowser: async (url) => {
    const { openBrowser } = await import("./open-browser.ts");
    openBrowser(url);
  },
  version,
});
