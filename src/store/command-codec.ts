import { AppError } from "../lib/errors.ts";
import type { Command, CommandType } from "./commands.ts";

/** The bytes of a log entry: JSON, because commands grow by optional fields and people read logs. */
export function encodeCommand<K extends CommandType>(command: Command<K>): Uint8Array {
  return Buffer.from(JSON.stringify(command), "utf8");
}

export function decodeCommand(data: Uint8Array): Command {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("type" in value) || !("body" in value))
    throw new AppError("storage", "a log entry is no command");
  // The checksum vouches for the bytes, and `encodeCommand` is the only place that makes them.
  return value as Command;
}
