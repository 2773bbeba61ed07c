/** A command that runs inside a task, as long as somebody holds on to it. */
export interface CommandSession {
  write(data: Uint8Array): void;
  endInput(): void;
  /** Without a terminal this does nothing. */
  resize(columns: number, rows: number): void;
  /** Read once; it ends with the command. */
  readonly output: AsyncIterable<{
    readonly stream: "stdout" | "stderr";
    readonly data: Uint8Array;
  }>;
  /** Killed by signal n: 128 + n. */
  readonly exit: Promise<number>;
  /** Ends the command if it still runs. */
  close(): void;
}
