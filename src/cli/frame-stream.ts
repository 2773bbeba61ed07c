import { StringDecoder } from "node:string_decoder";
import type { Frame } from "../sdk/wire.ts";
import { splitFrames } from "./core/frames.ts";

/** The data of a stream of frames, heartbeats left out. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  for await (const chunk of stream) {
    const { frames, rest } = splitFrames(text + decoder.write(chunk));
    text = rest;
    for (const frame of frames) {
      const { Data } = JSON.parse(frame) as Frame;
      if (Data) yield Buffer.from(Data, "base64");
    }
  }
}
