import type { Constraint, Job, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { Draft } from "./draft.ts";
import { resolveTarget } from "./targets.ts";

/** Rules over several nodes: how many allocations one node, or all nodes with one value, may hold. */
export interface DistinctRules {
  readonly hosts: readonly string[];
  readonly properties: readonly PropertyRule[];
}
interface PropertyRule {
  readonly target: string;
  readonly limit: number;
  readonly groups: readonly string[];
}

/** A rule of the job counts all its groups, one of a group only that group. */
export function distinctRules(job: Job, group: TaskGroup): DistinctRules {
  // Named only by a rule that counts them: a job may have thousands of groups, and each asks.
  const all = (): readonly string[] => job.TaskGroups.map((g) => g.Name);
  const own = [
    ...(group.Constraints ?? []),
    ...group.Tasks.flatMap((task) => task.Constraints ?? []),
  ];
  const hosts = (job.Constraints ?? []).some(isDistinctHosts)
    ? all()
    : own.some(isDistinctHosts)
      ? [group.Name]
      : [];
  return {
    hosts,
    properties: [
      ...(job.Constraints ?? []).flatMap((c) => propertyRule(c, all)),
      ...own.flatMap((c) => propertyRule(c, () => [group.Name])),
    ],
  };
}

const isDistinctHosts = (constraint: Constraint): boolean =>
  constraint.Operand === "distinct_hosts" && constraint.RTarget !== "false";

function propertyRule(constraint: Constraint, groups: () => readonly string[]): PropertyRule[] {
  if (constraint.Operand !== "distinct_property") return [];
  const limit = constraint.RTarget === "" ? 1 : Number(constraint.RTarget);
  return [
    { target: constraint.LTarget, limit: Number.isInteger(limit) ? limit : 0, groups: groups() },
  ];
}

/** Counts once for one placement; refuses nodes whose value is used up. */
export function distinctJudge(
  rules: DistinctRules,
  job: Job,
  draft: Draft,
  nodes: readonly Node[],
): (node: Node) => string | undefined {
  const countOn = (node: Node, groups: readonly string[]): number => {
    const usage = draft.usage(node.ID);
    const key = { namespace: job.Namespace, jobId: job.ID };
    return groups.reduce((sum, group) => sum + usage.countOfGroup({ ...key, group }), 0);
  };
  const tables = rules.properties.map((rule) => {
    const used = new Map<string, number>();
    for (const node of nodes) {
      const value = resolveTarget(rule.target, node);
      const count = value === undefined ? 0 : countOn(node, rule.groups);
      if (value !== undefined && count > 0) used.set(value, (used.get(value) ?? 0) + count);
    }
    return { rule, used };
  });
  return (node) => {
    if (rules.hosts.length > 0 && countOn(node, rules.hosts) > 0) return "distinct_hosts";
    for (const { rule, used } of tables) {
      const value = resolveTarget(rule.target, node);
      if (value === undefined) return `missing property "${rule.target}"`;
      const count = used.get(value) ?? 0;
      if (count >= rule.limit)
        return `distinct_property: ${rule.target}=${value} used by ${count} allocs`;
    }
    return undefined;
  };
}
