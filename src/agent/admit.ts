import { validateDriverConfig } from "../drivers/validate-config.ts";
import { type Admission, type AdmitContext, admitJob } from "../jobspec/admit-job.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { Job } from "../model/job.ts";

/** The job rules and the drivers' own: one way in for the API, the folder and whoever comes next. */
export function admit(body: JobBody, context: AdmitContext): Admission {
  const admission = admitJob(body, context);
  if (!admission.ok) return admission;
  const errors = driverFaults(admission.job);
  return errors.length === 0 ? admission : { ok: false, errors, warnings: admission.warnings };
}

function driverFaults(job: Job): readonly string[] {
  return job.TaskGroups.flatMap((group) =>
    group.Tasks.flatMap((task) =>
      validateDriverConfig(task.Driver, task.Config).map(
        ({ summary, detail }) =>
          `Task group ${group.Name} task ${task.Name}: ${summary}${detail === "" ? "" : `; ${detail}`}`,
      ),
    ),
  );
}
