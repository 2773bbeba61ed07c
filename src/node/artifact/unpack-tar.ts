import { TarReader } from "./core/tar-reader.ts";
import type { ArchiveKind } from "./core/archive-kind.ts";
import { decompress } from "./decompress.ts";
import type { FileWriter, TreeWriter } from "./tree-writer.ts";

export async function unpackTar(
  path: string,
  { compression }: ArchiveKind,
  writer: TreeWriter,
  signal: AbortSignal,
): Promise<void> {
  await decompress(path, compression, {
    signal,
    consume: (chunks) => writeTree(chunks, writer),
  });
}

async function writeTree(chunks: AsyncIterable<Uint8Array>, writer: TreeWriter): Promise<void> {
  const reader = new TarReader();
  let open: FileWriter | undefined;
  try {
    for await (const chunk of chunks) {
      writer.countBytes(chunk.length);
      for (const event of reader.push(chunk)) {
        switch (event.kind) {
          case "entry":
            if (event.entry.kind === "folder") await writer.folder(event.entry.name);
            else open = await writer.file(event.entry.name, event.entry);
            break;
          case "data":
            await open?.write(event.data);
            break;
          case "end": {
            const done = open;
            open = undefined;
            await done?.close();
          }
        }
      }
    }
    reader.finish();
  } finally {
    await open?.abandon();
  }
}
