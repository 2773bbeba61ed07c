import type { JsonMap, Template } from "../../../model/job.ts";
import { assertNever } from "../../../lib/errors.ts";

/** What a task has to be told after its templates were written anew. */
export type TemplateChange =
  | { readonly kind: "restart"; readonly reason: string }
  | { readonly kind: "signal"; readonly signal: string; readonly reason: string }
  | { readonly kind: "script"; readonly script: TemplateScript }
  /** The templates cannot be followed any more: the task is to be killed as failed. */
  | { readonly kind: "failed"; readonly reason: string };

export interface TemplateScript {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutNs: number;
  readonly failOnError: boolean;
}

type Changed = Pick<Template, "ChangeMode" | "ChangeSignal" | "ChangeScript" | "Splay">;

export interface PlannedChange {
  readonly changes: readonly TemplateChange[];
  /** The actions wait a part of this that chance decides. */
  readonly splayNs: number;
}

/** A restart makes everything else needless; each signal is sent once, each script is run. */
export function planChange(changed: readonly Changed[]): PlannedChange {
  const acting = changed.filter(({ ChangeMode }) => ChangeMode !== "noop");
  const splayNs = Math.max(0, ...acting.map(({ Splay }) => Splay));
  if (acting.some(({ ChangeMode }) => ChangeMode === "restart" || ChangeMode === ""))
    return {
      changes: [{ kind: "restart", reason: "Template with change_mode restart re-rendered" }],
      splayNs,
    };
  const signals = acting.filter(({ ChangeMode }) => ChangeMode === "signal");
  const unique = [...new Set(signals.map(({ ChangeSignal }) => ChangeSignal))];
  const scripts = acting.filter(({ ChangeMode }) => ChangeMode === "script");
  return {
    changes: [
      ...unique.map(
        (signal) => ({ kind: "signal", signal, reason: "Template re-rendered" }) as const,
      ),
      ...scripts.map(
        ({ ChangeScript }) => ({ kind: "script", script: scriptOf(ChangeScript) }) as const,
      ),
    ],
    splayNs,
  };
}

function scriptOf(script: JsonMap | null): TemplateScript {
  const { Command: command, Args: args, Timeout: timeout, FailOnError: fail } = script ?? {};
  return {
    command: typeof command === "string" ? command : "",
    args: Array.isArray(args) ? args.map(String) : [],
    timeoutNs: typeof timeout === "number" ? timeout : 5e9,
    failOnError: fail === true,
  };
}

export type ScriptOutcome =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "not-run"; readonly error: string };

/** What is told of a script that was run, and whether it counts as failed. */
export function scriptText(
  { command, args }: TemplateScript,
  outcome: ScriptOutcome,
): { readonly isFailure: boolean; readonly message: string } {
  const list = `[${args.join(" ")}]`;
  switch (outcome.kind) {
    case "not-run":
      return {
        isFailure: true,
        message: `Template failed to run script ${command} with arguments ${list} on change: ${outcome.error}. Exit code: 0`,
      };
    case "exited":
      return outcome.exitCode === 0
        ? {
            isFailure: false,
            message: `Template successfully ran script ${command} with arguments: ${list}. Exit code: 0`,
          }
        : {
            isFailure: true,
            message: `Template ran script ${command} with arguments ${list} on change but it exited with code: ${outcome.exitCode}`,
          };
    default:
      return assertNever(outcome);
  }
}
