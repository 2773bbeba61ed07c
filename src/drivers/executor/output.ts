import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { LogChunk, OutputOptions } from "../port.ts";
import type { RecordFolder } from "./records.ts";
import { watchSpool } from "./spool/news.ts";
import { parseOffsets, printOffsets, releasedOffsets, SpoolRelease } from "./spool/release.ts";
import { SpoolFile } from "./spool/spool-file.ts";

const streams = ["stdout", "stderr"] as const;
/** Faster than any log is read, and slow enough to leave the disk and the cores to others. */
const mostBytesPerMs = 128 * 1024;

export interface SpoolOptions extends OutputOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly folder: RecordFolder;
  readonly handle: string;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}
type Spools = { readonly [stream in LogChunk["stream"]]: SpoolFile };

/** The cursor is how many bytes of each stream were passed on, or left out. */
export async function* readSpool(options: SpoolOptions): AsyncIterable<LogChunk> {
  const { clock, folder, handle, signal, stored } = options;
  const dir = folder.dir(handle);
  const start = startOf(dir, options.cursor);
  const spools = {
    stdout: new SpoolFile(join(dir, "stdout"), start.offsets.stdout),
    stderr: new SpoolFile(join(dir, "stderr"), start.offsets.stderr),
  };
  const release = new SpoolRelease(clock, options.log, dir, start.released);
  const news = watchSpool(clock, dir);
  const lost = { ...start.lost };
  let hasEnded = false;
  try {
    for (;;) {
      const beganMs = clock.monotonicMs();
      let bytes = 0;
      for (const stream of streams) {
        const skipped = lost[stream] + (await skipOf(spools[stream], options));
        const data = await spools[stream].read();
        if (data === undefined) {
          lost[stream] = skipped;
          continue;
        }
        lost[stream] = 0;
        bytes += data.length;
        yield { stream, data, cursor: cursorOf(spools), ...(skipped > 0 ? { skipped } : {}) };
      }
      if (stored !== undefined) release.upTo(stored);
      if (signal.aborted) return;
      if (bytes > 0) {
        const isBehind = streams.some((stream) => spools[stream].isBehind());
        const restMs = bytes / mostBytesPerMs - (clock.monotonicMs() - beganMs);
        await news.gather(signal, isBehind ? restMs : undefined);
      } else if (hasEnded) return;
      else if (news.mayHaveEnded() && folder.observe(handle)?.state !== "running")
        // Read once more: what it wrote last is in the spool by the time its end shows.
        hasEnded = true;
      else {
        for (const stream of streams) spools[stream].rest();
        await news.wait(signal);
      }
    }
  } finally {
    news.close();
    for (const stream of streams) await spools[stream].close();
  }
}

/** What was given back to the disk already cannot be read again, whatever the cursor says. */
function startOf(dir: string, cursor: string | null) {
  const released = releasedOffsets(dir);
  const wanted = parseOffsets(cursor ?? "");
  const offsets = {
    stdout: Math.max(wanted.stdout, released.stdout),
    stderr: Math.max(wanted.stderr, released.stderr),
  };
  const lost = {
    stdout: offsets.stdout - wanted.stdout,
    stderr: offsets.stderr - wanted.stderr,
  };
  return { released, offsets, lost };
}

const skipOf = async (spool: SpoolFile, { keptBytes }: SpoolOptions): Promise<number> =>
  keptBytes === undefined || !spool.mayBeFarBehind() ? 0 : spool.skip(keptBytes);

const cursorOf = ({ stdout, stderr }: Spools): string =>
  printOffsets({ stdout: stdout.offset(), stderr: stderr.offset() });
