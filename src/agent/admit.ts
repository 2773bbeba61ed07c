import { validateDriverConfig } from "../drivers/validate-config.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { type Admission, type AdmitContext, admitJob } from "../jobspec/admit-job.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { Job } from "../model/job.ts";

/** The job rules and the drivers' own: one way in for the API, the folder and whoever comes next. */
export function admit(body: JobBody, context: AdmitContext): Admission {
  const admission = admitJob(body, context);
  if (!admission.ok) return admission;
  const found = driverDiagnostics(admission.job);
  const texts = (severity: Severity): readonly string[] =>
    found.filter((one) => one.severity === severity).map((one) => one.text);
  const errors = texts("error");
  const warnings = [...admission.warnings, ...texts("warning")];
  return errors.length === 0 ? { ...admission, warnings } : { ok: false, errors, warnings };
}

type Severity = Diagnostic["severity"];
interface Told {
  readonly severity: Severity;
  readonly text: string;
}

const driverDiagnostics = (job: Job): readonly Told[] =>
  job.TaskGroups.flatMap((group) =>
    group.Tasks.flatMap((task) =>
      validateDriverConfig(task.Driver, task.Config).map(({ severity, summary, detail }) => ({
        severity,
        text: `Task group ${group.Name} task ${task.Name}: ${summary}${detail === "" ? "" : `; ${detail}`}`,
      })),
    ),
  );
