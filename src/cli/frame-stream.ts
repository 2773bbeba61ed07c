import { StringDecoder } from "node:string_decoder";
import type { Frame } from "../sdk/wire.ts";
import { splitFrames } from "./core/frames.ts";

/** The data of a stream of frames, heartbeats left out. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { data } of readPieces(stream)) yield data;
}

export interface Piece {
  readonly data: Buffer;
  readonly file: string | undefined;
}

/** The data with the file that it came from. */
export async function* readPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  for await (const chunk of stream) {
    const { frames, rest } = splitFrames(text + decoder.write(chunk));
    text = rest;
    for (const frame of frames) {
      const { Data, File } = JSON.parse(frame) as Frame;
      if (Data) yield { data: Buffer.from(Data, "base64"), file: File };
    }
  }
}
