import { validateDriverConfig } from "../drivers/validate-config.ts";
import { type Admission, type AdmitContext, admitJob } from "../jobspec/admit-job.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import { type JobFinding, whereText } from "../jobspec/job-findings.ts";
import type { JsonPath } from "../lib/json-path.ts";
import type { Job, Task } from "../model/job.ts";
import { optionPath } from "./core/option-path.ts";

/**
 * The job rules and the drivers' own: one way in for the API, the folder and whoever comes next. The texts of a job
 * that its own rules refuse are those of the rules alone, as clients know them; the findings, which people read, are
 * what both have against it, so that nobody mends a file twice.
 */
export function admit(body: JobBody, context: AdmitContext): Admission {
  const admission = admitJob(body, context);
  const found = driverDiagnostics(admission.job);
  const findings = [...admission.findings, ...found.map(({ finding }) => finding)];
  if (!admission.ok) return { ...admission, findings };
  const texts = (severity: JobFinding["severity"]): readonly string[] =>
    found.filter(({ finding }) => finding.severity === severity).map(({ text }) => text);
  const errors = texts("error");
  const warnings = [...admission.warnings, ...texts("warning")];
  return errors.length === 0
    ? { ...admission, warnings, findings }
    : { ok: false, job: admission.job, errors, warnings, findings };
}

interface Told {
  readonly text: string;
  readonly finding: JobFinding;
}

const driverDiagnostics = (job: Job): readonly Told[] =>
  job.TaskGroups.flatMap((group, groupAt) =>
    group.Tasks.flatMap((task, taskAt) =>
      toldOf(job, task, ["TaskGroups", groupAt, "Tasks", taskAt], group.Name),
    ),
  );

const toldOf = (job: Job, task: Task, path: JsonPath, group: string): readonly Told[] =>
  validateDriverConfig(task.Driver, task.Config).map(({ severity, summary, detail }) => {
    const more = detail === "" ? "" : `; ${detail}`;
    return {
      text: `Task group ${group} task ${task.Name}: ${summary}${more}`,
      finding: {
        severity,
        summary: `driver ${task.Driver}: ${summary}${more}`,
        detail: whereText(job, path),
        path: [...path, "Config", ...optionPath(summary, task.Config ?? {})],
      },
    };
  });
