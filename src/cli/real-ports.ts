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
  terminal: {
    size: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
    raw: () => {
      if (process.stdin.isTTY) process.stdin.setRawMode(true);
      return () => {
        if (process.stdin.isTTY) process.stdin.setRawMode(false);
      };
    },
    onResize: (call) => {
      process.stdout.on("resize", call);
      return () => {
        process.stdout.off("resize", call);
      };
    },
    release: () => {
      process.stdin.destroy();
    },
  },
  version,
});
