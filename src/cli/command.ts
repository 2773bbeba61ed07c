import type { NomadClient } from "../sdk/client.ts";
import type { FlagTable, FlagValue, FlagValues } from "../lib/flags.ts";
import type { TimeFormat } from "./time-format.ts";
import type { CliPorts, Environment } from "./ports.ts";
import type { Paint } from "./core/paint.ts";
import type { CliStreams, Ui } from "./ui.ts";

/** What every command gets: where to talk, whom to ask, and the clock. */
export interface CommandContext {
  /** As the user would write it, `job run`; used in texts. */
  readonly name: string;
  readonly ui: Ui;
  readonly env: Environment;
  readonly streams: CliStreams;
  readonly ports: CliPorts;
  readonly client: NomadClient;
  readonly time: TimeFormat;
  /** The `-namespace` in force: flag, then environment, then empty. */
  readonly namespace: string;
}

export interface Arguments<T extends FlagTable> {
  readonly flags: FlagValues<T>;
  readonly given: ReadonlySet<string>;
  readonly words: readonly string[];
}
/** A command with the types of its flags forgotten; only `defineCommand` makes one. */
export interface Command {
  /** The words behind the command's name: `[options] <path>`. */
  readonly usage: string;
  /** Paragraphs for the help. */
  readonly description: string;
  readonly flags: FlagTable;
  /** Exit code of every refusal; 1 unless the command means something by 1. */
  readonly errorCode: number;
  /** The name in usage errors where it differs from the command's own. */
  readonly helpName?: string;
  /** Hands all words through unread: the command has a parser of its own. */
  readonly rawArguments: boolean;
  run(context: CommandContext, args: UntypedArguments): Promise<number>;
}
interface UntypedArguments {
  readonly values: { readonly [name: string]: FlagValue };
  readonly given: ReadonlySet<string>;
  readonly words: readonly string[];
}

export function defineCommand<T extends FlagTable>(spec: {
  readonly usage: string;
  readonly description: string;
  readonly flags: T;
  readonly errorCode?: number;
  readonly helpName?: string;
  readonly run: (context: CommandContext, args: Arguments<T>) => Promise<number>;
}): Command {
  return {
    usage: spec.usage,
    description: spec.description,
    flags: spec.flags,
    errorCode: spec.errorCode ?? 1,
    ...(spec.helpName === undefined ? {} : { helpName: spec.helpName }),
    rawArguments: false,
    // The values were read by this very table, so they have its types.
    run: (context, { values, given, words }) =>
      spec.run(context, { flags: values as FlagValues<T>, given, words }),
  };
}

/** Ends a command: the text goes to stderr as it is, the code to the shell. */
export class CommandFailure extends Error {
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CommandFailure";
    this.exitCode = exitCode;
  }

  /** What a person at a terminal is told instead, painted; undefined where the message is all there is. */
  atLength(_paint: Paint): string | undefined {
    return undefined;
  }
}

/** The wrong words behind a command: the text, and where to read more. */
export class UsageFailure extends Error {
  override readonly name = "UsageFailure";
}

/** Awaits, and turns a failure into `what: reason`. */
export async function orFail<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof CommandFailure) throw thrown;
    throw new CommandFailure(`${what}: ${messageOf(thrown)}`, undefined, thrown);
  }
}

/** Only the outermost text: causes are there for code, not for people. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** Exactly one word, or the complaint that names it. */
export function oneWord(words: readonly string[], name: string): string {
  const [word] = words;
  if (words.length !== 1 || word === undefined)
    throw new UsageFailure(`This command takes one argument: <${name}>`);
  return word;
}
export function noWords(words: readonly string[]): void {
  if (words.length > 0) throw new UsageFailure("This command takes no arguments");
}
