import type { JobSource } from "../model/job-source.ts";
import type { CommandContext } from "./command.ts";
import { formatList } from "./core/table.ts";
import { byText } from "./core/values.ts";

export const sourceTable = (sources: readonly JobSource[]): string =>
  formatList([
    ["Path", "State", "Job", "Message"],
    ...[...sources]
      .sort((a, b) => byText(a.Path, b.Path) || byText(a.Agent, b.Agent))
      .map((source) => [source.Path, source.State, source.JobID, sourceMessage(source)]),
  ]);

/** The first fault with its place, or why the file waits. */
function sourceMessage(source: JobSource): string {
  const [first] = source.Diagnostics ?? [];
  if (!first) return source.Message;
  const more = (source.Diagnostics ?? []).length - 1;
  const place = first.Line === null ? "" : `${first.Line}:${first.Column ?? 1}: `;
  const text = [first.Summary, first.Detail].filter((part) => part !== "").join("; ");
  return `${place}${text.replaceAll(/\s+/g, " ")}${more > 0 ? ` (and ${more} more)` : ""}`;
}

/**
 * The files of watched folders that are not what runs, for the end of a job list; empty when there are none, and
 * on an agent that knows no folders.
 */
export async function troubledSources(context: CommandContext): Promise<string> {
  let sources: readonly JobSource[];
  try {
    sources =
      (await context.client.get<readonly JobSource[] | null>("/v1/jobs/sources")).value ?? [];
  } catch {
    // This list is an extra of this program: an agent of another make answers the question with an error.
    return "";
  }
  const troubled = sources.filter((source) =>
    ["rejected", "conflict", "held"].includes(source.State),
  );
  if (troubled.length === 0) return "";
  return `${context.ui.paint.bold("Job files that need a look")}\n${sourceTable(troubled)}`;
}
