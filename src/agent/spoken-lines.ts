import type { Logger } from "../lib/logger.ts";
import type { AgentStreams } from "./run-agent.ts";

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
