import { isSameSpecSteps } from "../../model/job-spec.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { Command } from "../commands.ts";
import type { Tables } from "../tables/tables.ts";
import { preserved } from "./jobs.ts";
import { withCount } from "./scaling.ts";
import type { ReadyVersion } from "./transaction.ts";

/**
 * What of a command can be worked out ahead of its transaction, in steps: whether the job that it brings is the one
 * that is stored, and the writing of what is large in its rows, in the order in which the handlers keep it. Nothing
 * that anybody can see changes.
 */
export function* readyVersion(
  tables: Tables,
  entry: number,
  command: Command,
): Generator<void, ReadyVersion | undefined> {
  const ready = yield* compared(tables, command);
  if (ready?.isSame === false) {
    yield* tables.parts.ahead(entry, ready.job.TaskGroups);
    if (ready.job.Meta) yield* tables.parts.ahead(entry, ready.job.Meta);
  }
  for (const { FailedTGAllocs, PlanAnnotations } of evaluationsOf(command))
    for (const detail of [FailedTGAllocs, PlanAnnotations])
      if (detail) yield* tables.parts.ahead(entry, detail);
  return ready;
}

function* compared(tables: Tables, command: Command): Generator<void, ReadyVersion | undefined> {
  const wanted = wantedVersion(tables, command);
  if (wanted === undefined) return undefined;
  const { existing, job } = wanted;
  return { ...wanted, isSame: existing !== undefined && (yield* isSameSpecSteps(existing, job)) };
}

function wantedVersion(tables: Tables, command: Command): Omit<ReadyVersion, "isSame"> | undefined {
  if (command.type === "job.register") {
    const { body } = command;
    const existing = tables.jobs.get(body.job.Namespace, body.job.ID);
    return { existing, job: preserved(body, existing, body.job) };
  }
  if (command.type === "job.scale") {
    const { key, group, event } = command.body;
    const existing = tables.jobs.get(key.namespace, key.id);
    const isThere = existing?.TaskGroups.some(({ Name }) => Name === group) === true;
    if (existing === undefined || !isThere || event.Count === null) return undefined;
    return { existing, job: withCount(existing, group, event) };
  }
  if (command.type === "deployment.status" && command.body.job !== null) {
    const { job } = command.body;
    return { existing: tables.jobs.get(job.Namespace, job.ID), job };
  }
  return undefined;
}

function evaluationsOf({ type, body }: Command): readonly Evaluation[] {
  const created = type === "plan.apply" ? body.plan.createEvaluations : [];
  const single = "evaluation" in body && body.evaluation !== null ? [body.evaluation] : [];
  // Of the collected ones there are only the ids.
  const several = type !== "garbage.collect" && "evaluations" in body ? body.evaluations : [];
  return [...created, ...single, ...several];
}
