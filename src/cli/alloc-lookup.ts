import type { Task } from "../model/job.ts";
import type { AllocationAnswer, AllocationListStub } from "../sdk/wire.ts";
import { allocationTable } from "./allocation-table.ts";
import { CommandFailure, orFail, type CommandContext } from "./command.ts";
import { shortId } from "./core/values.ts";
import { resolveId } from "./resolve-id.ts";
import { resolveJob } from "./resolve-job.ts";

/** Finds one allocation by the beginning of its id and reads it whole. */
export async function lookupAllocation(
  context: CommandContext,
  id: string,
  options: { readonly verbose: boolean; readonly tooShort?: string },
): Promise<AllocationAnswer> {
  const stub = await resolveId<AllocationListStub>(
    context,
    {
      path: "/v1/allocations",
      failure: "Error querying allocation",
      ...(options.tooShort === undefined ? {} : { tooShort: options.tooShort }),
      noneFound: (text) => `No allocation(s) with prefix or id "${text}" found`,
      manyFound: "Prefix matched multiple allocations",
      table: (stubs) => allocationTable(context, stubs, { verbose: options.verbose }),
    },
    id,
  );
  return readAllocation(context, stub);
}

export const allocIdTooShort = "Alloc ID must contain at least two characters.";

async function readAllocation(
  context: CommandContext,
  stub: AllocationListStub,
): Promise<AllocationAnswer> {
  const { value } = await orFail(
    "Error querying allocation",
    context.client.get<AllocationAnswer>(`/v1/allocation/${stub.ID}`, {
      namespace: stub.Namespace,
    }),
  );
  return value;
}

/** Any allocation of a job, a running one if there is one; `group` narrows the choice. */
export async function anyAllocationOf(
  context: CommandContext,
  job: string,
  group: string,
): Promise<AllocationAnswer> {
  const found = await resolveJob(context, job);
  const { value } = await orFail(
    "Error querying job",
    context.client.get<readonly AllocationListStub[] | null>(
      `/v1/job/${encodeURIComponent(found.id)}/allocations`,
      { namespace: found.namespace },
    ),
  );
  const allocations = (value ?? []).filter((one) => group === "" || one.TaskGroup === group);
  const running = allocations.find((one) => one.ClientStatus === "running");
  const chosen = running ?? allocations[0];
  if (!chosen) {
    const where = group === "" ? "" : ` in task group ${JSON.stringify(group)}`;
    throw new CommandFailure(`No allocations for job ${JSON.stringify(found.id)}${where} found`);
  }
  return readAllocation(context, { ...chosen, Namespace: chosen.Namespace || found.namespace });
}

export const tasksOf = (allocation: AllocationAnswer): readonly Task[] =>
  allocation.Job?.TaskGroups.find((group) => group.Name === allocation.TaskGroup)?.Tasks ?? [];

/** The named task, or the only one there is. */
export function chooseTask(allocation: AllocationAnswer, named: string, lead = ""): string {
  const names = tasksOf(allocation).map((task) => task.Name);
  if (named !== "") {
    if (!names.includes(named))
      throw new CommandFailure(
        `${lead}Could not find task named: ${named}, found:\n${names.join("\n")}`,
      );
    return named;
  }
  const [first, second] = names;
  if (first === undefined) throw new CommandFailure(`${lead}No tasks found in the allocation`);
  if (second === undefined) return first;
  const list = names.map((name) => `  * ${name}`).join("\n");
  throw new CommandFailure(
    `${lead}Allocation "${shortId(allocation.ID, false)}" is running the following tasks:\n${list}\n\nPlease specify the task.`,
  );
}
