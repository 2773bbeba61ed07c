import type { JobBody } from "../jobspec/job-body.ts";
import type { JobFinding } from "../jobspec/job-findings.ts";
import { ResponseError } from "../sdk/client.ts";
import type { ValidateAnswer } from "../sdk/wire.ts";
import { CommandFailure, messageOf, type CommandContext } from "./command.ts";
import { FaultyText } from "./faulty-text.ts";
import type { JobFile } from "./job-file.ts";

/** What an agent has against a job. One of this make also says where in the job, when it is asked to. */
export const askToValidate = async (
  context: CommandContext,
  body: JobBody,
): Promise<ValidateAnswer> =>
  (await context.client.put<ValidateAnswer>("/v1/validate/job", { Job: body, Diagnostics: true }))
    .value;

export const findingsIn = ({ Diagnostics }: ValidateAnswer): readonly JobFinding[] =>
  (Diagnostics ?? []).map(({ Severity, Summary, Detail, Path }) => ({
    severity: Severity,
    summary: Summary,
    detail: Detail,
    path: Path,
  }));

/** The message for programs, and for a person at a terminal each fault in the text of the file. */
export async function refusalOf(
  message: string,
  file: JobFile,
  findings: readonly JobFinding[],
): Promise<CommandFailure> {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return new CommandFailure(message);
  const { faults, texts } = await file.locate(errors);
  return new FaultyText(message, faults, texts);
}

/**
 * The same for a refusal by a route that gives a text only: for a person's sake the agent is asked once more. Its
 * answer counts when it says the same.
 */
export async function explainRefusal(
  context: CommandContext,
  job: { readonly file: JobFile; readonly body: JobBody },
  thrown: unknown,
  message: string,
): Promise<CommandFailure> {
  const plain = new CommandFailure(message, undefined, thrown);
  if (context.ui.errorPaint === undefined || !(thrown instanceof ResponseError)) return plain;
  let answer: ValidateAnswer;
  try {
    answer = await askToValidate(context, job.body);
  } catch {
    // The refusal itself is told, which is what counts.
    return plain;
  }
  const text = answer.Error?.trim() ?? "";
  if (text === "" || !messageOf(thrown).includes(text)) return plain;
  const [title = ""] = message.split("\n");
  return refusalOf(title.replace(/[ (]*\d+ errors? occurred:$/, ""), job.file, findingsIn(answer));
}
