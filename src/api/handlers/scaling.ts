import type { Job, ScalingPolicy } from "../../model/job.ts";
import type { StateReader } from "../../store/reader.ts";
import { found, missing } from "../http/answer.ts";
import type { ReadHandler } from "../http/handler.ts";
import { param } from "./keys.ts";

/** Policies live in their jobs; a stopped job has none. */
export const listPolicies: ReadHandler = ({ store }, request, options) => {
  const job = request.query.get("job") ?? "";
  const type = request.query.get("type") ?? "";
  return found(store.read.tableIndex("jobs"), [{ table: "jobs" }], () =>
    policiesOf(store.read, options.namespace)
      .filter(
        ({ ID, Type, Target }) =>
          ID.startsWith(options.prefix) &&
          (job === "" || Target?.["Job"] === job) &&
          (type === "" || Type === type),
      )
      .map(({ ID, Enabled, Type, Target, CreateIndex, ModifyIndex }) => ({
        ID,
        Enabled,
        Type,
        Target,
        CreateIndex,
        ModifyIndex,
      })),
  );
};

export const readPolicy: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  const watch = [{ table: "jobs" }] as const;
  const policy = policiesOf(store.read, "*").find(({ ID }) => ID === id);
  return policy
    ? found(policy.ModifyIndex, watch, () => policy)
    : missing(store.read.tableIndex("jobs"), watch, "policy not found");
};

const policiesOf = (read: StateReader, namespace: string): readonly ScalingPolicy[] =>
  read
    .jobs({ namespace })
    .filter((job) => !job.Stop)
    .flatMap(jobPolicies);

/** In a job the indexes are 0; a policy is as old as its job and as new as the job's last change. */
const jobPolicies = (job: Job): readonly ScalingPolicy[] =>
  job.TaskGroups.flatMap((group) => [
    group.Scaling,
    ...group.Tasks.flatMap((task) => task.ScalingPolicies ?? []),
  ])
    .filter((policy) => policy !== null)
    .map((policy) => ({
      ...policy,
      CreateIndex: job.CreateIndex,
      ModifyIndex: job.JobModifyIndex,
    }));
