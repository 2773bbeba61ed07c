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
  readonly terminal: TerminalPort;
  readonly version: string;
}
/** The person's terminal, where a command of theirs takes it over. */
export interface TerminalPort {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Hands every key through as it is typed; the returned function gives the lines back. */
  readonly raw: () => () => void;
  /** Calls after each change of the size; the returned function forgets the call. */
  readonly onResize: (call: () => void) => () => void;
  /** Nothing is read from it any more. */
  readonly release: () => void;
}
export type Environment = { readonly [name: string]: string | undefined };
