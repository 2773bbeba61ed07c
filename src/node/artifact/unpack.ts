import type { Breather } from "../../lib/breather.ts";
import type { ArchiveKind } from "./core/archive-kind.ts";
import { decompress } from "./decompress.ts";
import { TreeWriter } from "./tree-writer.ts";
import type { UnpackLimits } from "./tree-writer.ts";
import { unpackTar } from "./unpack-tar.ts";
import { unpackZip } from "./unpack-zip.ts";

export interface Unpacking {
  /** The downloaded file. */
  readonly path: string;
  readonly kind: ArchiveKind;
  /** An empty folder that only the agent can reach. */
  readonly folder: string;
  readonly limits: UnpackLimits;
  readonly breather: Breather;
  readonly signal: AbortSignal;
}

/** The name that the content of one compressed file gets. */
export const singleName = "content";

export async function unpack(work: Unpacking): Promise<void> {
  const { path, kind, signal } = work;
  const writer = new TreeWriter(work.folder, work.limits, work.breather);
  switch (kind.form) {
    case "tar":
      await unpackTar(path, kind, writer, signal);
      return;
    case "zip":
      await unpackZip(path, writer, signal);
      return;
    case "file":
      await decompress(path, kind.compression, {
        signal,
        consume: (chunks) => writeSingle(chunks, writer),
      });
  }
}

async function writeSingle(chunks: AsyncIterable<Uint8Array>, writer: TreeWriter): Promise<void> {
  const file = await writer.file(singleName, { mode: undefined, modified: undefined });
  try {
    for await (const chunk of chunks) {
      writer.countBytes(chunk.length);
      await file.write(chunk);
    }
  } catch (thrown) {
    await file.abandon();
    throw thrown;
  }
  await file.close();
}
