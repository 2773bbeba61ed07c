import type { Breather } from "../lib/breather.ts";
import { AppError } from "../lib/errors.ts";
import { jsonBytesInSteps } from "../lib/json-bytes.ts";
import { Weigher } from "../lib/weigher.ts";
import { decodeCommand, encodeCommand } from "./command-codec.ts";
import type { Command, CommandType } from "./commands.ts";

/** What a peer accepts in one message is bounded, and so is what the event loop does at a stretch. */
const maxCommandBytes = 16 * 1024 * 1024;

/**
 * The commands that this server proposed itself. A large one is written in steps, to the same bytes that
 * `encodeCommand` gives, and is not read again from those bytes when it comes back committed: reading 5 MB takes 50 ms
 * at a stretch. Only a command that its JSON gives back unchanged is remembered, so apply does the same on every
 * server and after every restart.
 */
export class OwnCommands {
  readonly #breather: Breather;
  readonly #decode: (data: Uint8Array) => Command;
  readonly #known = new WeakMap<Uint8Array, Command>();

  constructor(breather: Breather, decode: (data: Uint8Array) => Command = decodeCommand) {
    this.#breather = breather;
    this.#decode = decode;
  }

  async encode<K extends CommandType>(command: Command<K>): Promise<Uint8Array> {
    const weigher = new Weigher();
    if (weigher.isSmall(command)) return encodeCommand<K>(command);
    const most = maxCommandBytes;
    const data = await jsonBytesInSteps(command, this.#breather, { most, weigher });
    if (data === undefined)
      throw new AppError("invalid", `the change is too large: more than ${maxCommandBytes} bytes`);
    // A command of a type is one of all types, which the compiler does not see through the type's name.
    if (weigher.survivesJson) this.#known.set(data, command as Command);
    return data;
  }

  decode(data: Uint8Array): Command {
    return this.#known.get(data) ?? this.#decode(data);
  }
}
