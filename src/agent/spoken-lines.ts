import type { Logger } from "../lib/logger.ts";

export interface AgentStreams {
  /** One line to standard output. */
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** The banner and what follows a signal, as log records: a reader of JSON lines meets nothing else. */
export function spokenAsRecords(log: Logger): AgentStreams {
  return {
    out(line) {
      const text = bare(line);
      if (text.startsWith("WARNING: ")) log.warn({}, text.slice("WARNING: ".length));
      else if (text !== "") log.info({}, text);
    },
    error(line) {
      log.error({}, bare(line));
    },
  };
}

const bare = (line: string): string => line.replace(/^==> /, "").trim();
