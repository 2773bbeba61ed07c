import type { Diagnostic } from "../lib/diagnostic.ts";
import { CommandFailure } from "./command.ts";
import { diagnosticsText } from "./core/diagnostic-text.ts";
import type { Paint } from "./core/paint.ts";

/** A text that was read and has faults. Programs get them a line each, people at a terminal see them in the text. */
export class FaultyText extends CommandFailure {
  readonly diagnostics: readonly Diagnostic[];
  /** What was read, by the names that the faults are told with. */
  readonly texts: ReadonlyMap<string, string>;

  constructor(
    message: string,
    diagnostics: readonly Diagnostic[],
    texts: ReadonlyMap<string, string>,
  ) {
    super(message);
    this.name = "FaultyText";
    this.diagnostics = diagnostics;
    this.texts = texts;
  }

  override atLength(paint: Paint): string {
    const [title = ""] = this.message.split("\n");
    const texts = diagnosticsText(this.diagnostics, this.texts, paint);
    return `${paint.red(title)}\n\n${texts}`;
  }
}
