import type { Clock } from "../lib/clock.ts";
import type { JobLoader } from "./load-job.ts";

/** The world as the commands see it; tests hand in their own. */
export interface CliPorts {
  readonly clock: Clock;
  /** Minutes east of UTC at that instant. */
  readonly zoneOffset: (ms: number) => number;
  readonly loadJob: JobLoader;
  /** Runs `nomad agent`; absent in a build that is a client only. */
  readonly runAgent: ((args: readonly string[]) => Promise<number>) | undefined;
  /** Calls once when the user presses Ctrl-C; the returned function forgets the call. */
  readonly onInterrupt: (call: () => void) => () => void;
  /** Opens an address in the user's browser. */
  readonly openBrowser: (url: string) => Promise<void>;
  readonly version: string;
}
export type Environment = { readonly [name: string]: string | undefined };
