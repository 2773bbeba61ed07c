import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JsonPath } from "../lib/json-path.ts";
import type { Job } from "../model/job.ts";
import type { JobFault } from "./core/model/faults.ts";

/** One thing that the rules have against a job, by itself and not within the text of the part that it is in. */
export interface JobFinding {
  readonly severity: Diagnostic["severity"];
  readonly summary: string;
  readonly detail: string;
  /** From the job, in the names of the API, to what is meant. Of some rules that is a thing which is not there. */
  readonly path: JsonPath;
}

/** The innermost faults, each with the words for where in the job it is. */
export function findingsOf(
  faults: readonly JobFault[],
  job: Job,
  severity: JobFinding["severity"],
): readonly JobFinding[] {
  return faults.flatMap(({ text, path, parts }) =>
    parts === undefined
      ? [{ severity, summary: text, detail: whereText(job, path), path }]
      : findingsOf(parts, job, severity),
  );
}

/** `In task "app" of group "web".`; empty for what is about the job as a whole. */
export function whereText(job: Job, path: JsonPath): string {
  const [groups, groupAt, tasks, taskAt] = path;
  const group = groups === "TaskGroups" ? job.TaskGroups[Number(groupAt)] : undefined;
  if (group === undefined) return "";
  const task = tasks === "Tasks" ? group.Tasks[Number(taskAt)] : undefined;
  const inGroup = `group ${JSON.stringify(group.Name)}`;
  return task === undefined
    ? `In ${inGroup}.`
    : `In task ${JSON.stringify(task.Name)} of ${inGroup}.`;
}
