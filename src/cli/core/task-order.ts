import type { Job } from "../../model/job.ts";
import { byText } from "./values.ts";

export interface OrderedTask<State> {
  readonly name: string;
  readonly state: State;
  /** `prestart`, `prestart sidecar` .. as the job says; empty for a task without one. */
  readonly lifecycle: string;
}

/** By name; but tasks with a lifecycle come before the main ones, and those that end before sidecars. */
export function orderTasks<State>(allocation: {
  readonly Job?: Job | null;
  readonly TaskGroup: string;
  readonly TaskStates?: { readonly [task: string]: State } | null;
}): readonly OrderedTask<State>[] {
  const group = allocation.Job?.TaskGroups.find((one) => one.Name === allocation.TaskGroup);
  const tasks = Object.entries(allocation.TaskStates ?? {})
    .sort(([a], [b]) => byText(a, b))
    .map(([name, state]) => {
      const lifecycle = group?.Tasks.find((task) => task.Name === name)?.Lifecycle ?? undefined;
      return {
        name,
        state,
        lifecycle: lifecycle ? `${lifecycle.Hook}${lifecycle.Sidecar ? " sidecar" : ""}` : "",
        rank: lifecycle ? (lifecycle.Sidecar ? 1 : 0) : 2,
      };
    });
  return tasks
    .sort((a, b) => a.rank - b.rank)
    .map(({ name, state, lifecycle }) => ({ name, state, lifecycle }));
}
