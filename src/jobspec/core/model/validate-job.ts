import { parseCron } from "../../../lib/cron.ts";
import type { Job, ParameterizedJobConfig, PeriodicConfig, Service } from "../../../model/job.ts";
import {
  eachOf,
  faultsOf,
  multiErrorText,
  nested,
  quoted,
  repeated,
  textsOf,
  within,
} from "./faults.ts";
import type { Check, JobFault } from "./faults.ts";
import { groupFaults } from "./validate-group.ts";
import { affinitiesFaults, constraintsFaults, spreadsFaults } from "./validate-placement.ts";
import type { RegexFault } from "./validate-placement.ts";

const types = ["service", "batch", "system", "sysbatch"];
const [lowestPriority, highestPriority] = [1, 100];
const longestUiDescription = 1000;

/** Every fault of a job that can be told from the job alone, in the reference's order. */
export function jobFaults(job: Job, regexFault: RegexFault): JobFault[] {
  return [
    ...headFaults(job),
    ...constraintsFaults(job.Constraints, regexFault),
    ...affinitiesFaults(job.Affinities, job.Type, regexFault),
    ...spreadsFaults(job.Spreads, job.Type),
    ...groupNameFaults(job),
    ...eachOf("TaskGroups", job.TaskGroups, (group) =>
      nested(`Task group ${group.Name} validation failed`, groupFaults(group, job, regexFault)),
    ),
    ...(job.Periodic?.Enabled === true
      ? within(["Periodic"], periodicFaults(job.Periodic, job.Type))
      : []),
    ...(job.ParameterizedJob === null
      ? []
      : within(["ParameterizedJob"], parameterizedFaults(job.ParameterizedJob, job.Type))),
    ...serviceIdentityFaults(job),
    ...uiFaults(job),
    ...faultsOf([
      job.Payload !== null && job.Payload !== "",
      "job can't be submitted with a payload, only dispatched",
      "Payload",
    ]),
  ];
}

function headFaults(job: Job): JobFault[] {
  const isKnownType = types.includes(job.Type);
  return faultsOf(
    [job.Region === "", "Missing job region", "Region"],
    [job.ID === "", "Missing job ID", "ID"],
    [job.ID.includes(" "), "Job ID contains a space", "ID"],
    [job.ID.includes("\0"), "Job ID contains a null character", "ID"],
    [job.Name === "", "Missing job name", "Name"],
    [job.Name.includes("\0"), "Job Name contains a null character", "Name"],
    [job.Namespace === "", "Job must be in a namespace", "Namespace"],
    [!isKnownType, () => `Invalid job type: ${quoted(job.Type)}`, "Type"],
    [
      job.Priority < lowestPriority || job.Priority > highestPriority,
      () => `Job priority must be between [${lowestPriority}, ${highestPriority}]`,
      "Priority",
    ],
    [job.Datacenters.length === 0, "Missing job datacenters", "Datacenters"],
    [job.Datacenters.includes(""), "Job datacenter must be non-empty string", "Datacenters"],
    [job.TaskGroups.length === 0, "Missing job task groups"],
  );
}

function groupNameFaults(job: Job): JobFault[] {
  const names = job.TaskGroups.map((group) => group.Name);
  return [
    ...eachOf("TaskGroups", names, (name, at) =>
      faultsOf([name === "", `Job task group ${at + 1} missing name`, "Name"]),
    ),
    ...repeated(names)
      .filter(({ name }) => name !== "")
      .map(({ name, first, again }): JobFault => ({
        text: `Job task group ${again} redefines '${name}' from group ${first}`,
        path: ["TaskGroups", again - 1, "Name"],
      })),
    ...eachOf("TaskGroups", job.TaskGroups, (group) =>
      faultsOf(
        [(group.ShutdownDelay ?? 0) < 0, "ShutdownDelay must be a positive value", "ShutdownDelay"],
        [
          job.Type === "system" && group.Count > 1,
          () =>
            `Job task group ${group.Name} has count ${group.Count}. Count cannot exceed 1 with system scheduler`,
          "Count",
        ],
      ),
    ),
  ];
}

function periodicFaults(periodic: PeriodicConfig, type: string): JobFault[] {
  const { Spec: spec, Specs, SpecType, TimeZone } = periodic;
  const specs = Specs ?? [];
  const lines = spec === "" ? specs : [spec];
  const faults = faultsOf(
    [spec !== "" && specs.length > 0, "Only cron or crons may be used", "Spec"],
    [spec === "" && specs.length === 0, "Must specify a spec", "Spec"],
    [
      !isTimeZone(TimeZone),
      () => `Invalid time zone ${quoted(TimeZone)}: unknown time zone ${TimeZone}`,
      "TimeZone",
    ],
    [
      SpecType !== "cron",
      () => `Unknown periodic specification type ${quoted(SpecType)}`,
      "SpecType",
    ],
    ...lines.map((line, at): Check => {
      const parsed = parseCron(line);
      const fault = parsed.ok ? "" : parsed.fault;
      const place = spec === "" ? ["Specs", at] : ["Spec"];
      return [!parsed.ok, `Invalid cron spec ${quoted(line)}: ${fault}`, ...place];
    }),
  );
  return [
    ...faultsOf([
      type !== "batch" && type !== "sysbatch",
      `Periodic can only be used with "batch" or "sysbatch" scheduler`,
    ]),
    ...together(faults),
  ];
}

/** What is wrong inside one block is one entry of the answer. */
const together = (faults: readonly JobFault[]): JobFault[] =>
  faults.length === 0 ? [] : [{ text: multiErrorText(textsOf(faults)), path: [], parts: faults }];

function isTimeZone(name: string): boolean {
  if (name === "" || name === "Local") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    // The constructor's RangeError is its only way to say "no such zone".
    return false;
  }
}

function parameterizedFaults(config: ParameterizedJobConfig, type: string): JobFault[] {
  const required = new Set(config.MetaRequired);
  const both = (config.MetaOptional ?? []).filter((key) => required.has(key)).toSorted();
  const faults = faultsOf(
    [
      !["optional", "required", "forbidden"].includes(config.Payload),
      () => `Unknown payload requirement: ${quoted(config.Payload)}`,
      "Payload",
    ],
    [
      both.length > 0,
      () =>
        `Required and optional meta keys should be disjoint. Following keys exist in both: [${both.join(" ")}]`,
      "MetaOptional",
    ],
  );
  return [
    ...faultsOf([
      type !== "batch" && type !== "sysbatch",
      `Parameterized job can only be used with "batch" or "sysbatch" scheduler`,
    ]),
    ...together(faults),
  ];
}

/** The one fault of a service that stands beside those of its group. */
const serviceIdentityFaults = (job: Job): JobFault[] =>
  eachOf("TaskGroups", job.TaskGroups, (group) => [
    ...eachOf("Services", group.Services, (service) =>
      namelessIdentity(service, `task group ${group.Name}`),
    ),
    ...eachOf("Tasks", group.Tasks, (task) =>
      eachOf("Services", task.Services, (service) =>
        namelessIdentity(service, `task ${task.Name}`),
      ),
    ),
  ]);

const namelessIdentity = ({ Name, Identity }: Service, parent: string): JobFault[] =>
  faultsOf([
    Identity !== null && Identity.Name === "",
    () => `Service ${Name} in ${parent} has an identity with an empty name`,
    "Identity",
  ]);

function uiFaults(job: Job): JobFault[] {
  const length = new TextEncoder().encode(job.UI?.Description).length;
  return faultsOf([
    length > longestUiDescription,
    () => `UI description must be under ${longestUiDescription} characters, currently ${length}`,
    "UI",
    "Description",
  ]);
}
