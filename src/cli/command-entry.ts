import type { Command } from "./command.ts";

/** One line of the command table. The file behind it is loaded only when the command runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** The name it has in the list that `nomad` alone prints; absent when its group stands for it. */
  readonly listed?: string;
  /** Other spellings that work silently. */
  readonly aliases?: readonly string[];
  /** Old spellings that work with a warning. */
  readonly deprecatedAliases?: readonly string[];
  readonly load: () => Promise<Command>;
}
