import { AppError } from "../../lib/errors.ts";

export interface Frame {
  readonly stream: "stdout" | "stderr";
  readonly data: Buffer;
}

/** Without a terminal the engine sends each piece in one frame: stream, three zeros, length, payload. */
export function frames(): (bytes: Buffer) => readonly Frame[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    let buffer = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const found: Frame[] = [];
    while (buffer.length >= 8) {
      const end = 8 + buffer.readUInt32BE(4);
      if (buffer.length < end) break;
      found.push(frameOf(buffer[0] ?? 0, buffer.subarray(8, end)));
      buffer = buffer.subarray(end);
    }
    rest = Buffer.from(buffer);
    return found;
  };
}

function frameOf(stream: number, data: Buffer): Frame {
  if (stream === 1 || stream === 2) return { stream: stream === 1 ? "stdout" : "stderr", data };
  throw new AppError("driver", `docker broke off: ${data.toString("utf8")}`);
}
