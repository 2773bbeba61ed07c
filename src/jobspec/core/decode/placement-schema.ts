import type { Json } from "../../../lib/json.ts";
import type { BlockSpec, ChildSpec, DecodedBlock } from "./spec-types.ts";

/** Where work may run: constraints, affinities, spreads, and the blocks every level shares. */
export const list = (key: string, spec: BlockSpec): ChildSpec => ({ kind: "list", key, spec });
export const once = (key: string, spec: BlockSpec): ChildSpec => ({ kind: "once", key, spec });
export const labelled = (key: string, spec: BlockSpec): ChildSpec => ({ kind: "map", key, spec });
export const open = (key: string, type: "string" | "strings" = "string"): ChildSpec => ({
  kind: "open",
  key,
  type,
});
export const free = (key: string): ChildSpec => ({ kind: "free", key });

const shortForms = {
  version: "$version:string?",
  semver: "$semver:string?",
  regexp: "$regexp:string?",
  set_contains: "$set_contains:string?",
  set_contains_all: "$set_contains_all:string?",
  set_contains_any: "$set_contains_any:string?",
};

/** Takes the keys that begin with `$` away and gives them back by name. */
export function takeHidden(value: DecodedBlock): {
  readonly rest: DecodedBlock;
  readonly hidden: ReadonlyMap<string, Json>;
} {
  const entries = Object.entries(value);
  const isHidden = ([key]: readonly [string, Json]): boolean => key.startsWith("$");
  return {
    rest: Object.fromEntries(entries.filter((entry) => !isHidden(entry))),
    hidden: new Map(entries.filter(isHidden).map(([key, json]) => [key.slice(1), json])),
  };
}

/** Of several the last in this order counts, wherever they stand. */
const shortOrder = [
  "version",
  "semver",
  "regexp",
  "set_contains_any",
  "set_contains_all",
  "set_contains",
  "distinct_hosts",
  "distinct_property",
  "is_set",
  "is_not_set",
];

/** `true` stands for the operator itself, `false` for its opposite. */
const opposites: { readonly [operator: string]: string } = {
  is_set: "is_not_set",
  is_not_set: "is_set",
};

function applyShortForms(value: DecodedBlock): DecodedBlock {
  const { rest, hidden } = takeHidden(value);
  for (const name of shortOrder) {
    const short = hidden.get(name);
    // An empty text counts as not written.
    if (short === undefined || short === "") continue;
    const opposite = Object.hasOwn(opposites, name) ? opposites[name] : undefined;
    if (name === "distinct_hosts") {
      rest["Operand"] = name;
      rest["RTarget"] = short === false ? "false" : "true";
    } else if (name === "distinct_property") {
      rest["Operand"] = name;
      rest["LTarget"] = short;
    } else if (opposite !== undefined) {
      rest["Operand"] = short === false ? opposite : name;
    } else {
      rest["Operand"] = name;
      rest["RTarget"] = short;
    }
  }
  if (rest["Operand"] === "") rest["Operand"] = "=";
  return rest;
}

export const constraintSpec: BlockSpec = {
  arguments: {
    attribute: "LTarget:string",
    value: "RTarget:string",
    operator: "Operand:string",
    ...shortForms,
    is_set: "$is_set:bool?",
    is_not_set: "$is_not_set:bool?",
    distinct_hosts: "$distinct_hosts:bool?",
    distinct_property: "$distinct_property:string?",
  },
  finish: applyShortForms,
};
export const affinitySpec: BlockSpec = {
  arguments: {
    attribute: "LTarget:string",
    value: "RTarget:string",
    operator: "Operand:string",
    weight: "Weight:trunc?",
    ...shortForms,
  },
  finish: applyShortForms,
};
export const spreadSpec: BlockSpec = {
  arguments: { attribute: "Attribute:string", weight: "Weight:int8?" },
  blocks: {
    target: list("SpreadTarget", { labels: ["Value"], arguments: { percent: "Percent:uint8" } }),
  },
};
export const placementBlocks: Readonly<Record<string, ChildSpec>> = {
  constraint: list("Constraints", constraintSpec),
  affinity: list("Affinities", affinitySpec),
};

export const updateSpec: BlockSpec = {
  arguments: {
    stagger: "Stagger:duration?",
    max_parallel: "MaxParallel:int?",
    health_check: "HealthCheck:string?",
    min_healthy_time: "MinHealthyTime:duration?",
    healthy_deadline: "HealthyDeadline:duration?",
    progress_deadline: "ProgressDeadline:duration?",
    canary: "Canary:int?",
    auto_revert: "AutoRevert:bool?",
    auto_promote: "AutoPromote:bool?",
  },
};
export const migrateSpec: BlockSpec = {
  arguments: {
    max_parallel: "MaxParallel:int?",
    health_check: "HealthCheck:string?",
    min_healthy_time: "MinHealthyTime:duration?",
    healthy_deadline: "HealthyDeadline:duration?",
  },
};
export const rescheduleSpec: BlockSpec = {
  arguments: {
    attempts: "Attempts:int?",
    interval: "Interval:duration?",
    delay: "Delay:duration?",
    delay_function: "DelayFunction:string?",
    max_delay: "MaxDelay:duration?",
    unlimited: "Unlimited:bool?",
  },
};
export const restartSpec: BlockSpec = {
  arguments: {
    attempts: "Attempts:int?",
    interval: "Interval:duration?",
    delay: "Delay:duration?",
    mode: "Mode:string?",
    render_templates: "RenderTemplates:bool?",
  },
};
export const vaultSpec: BlockSpec = {
  arguments: {
    policies: "Policies:strings?",
    role: "Role:string",
    namespace: "Namespace:string?",
    cluster: "Cluster:string",
    env: "Env:bool?",
    disable_file: "DisableFile:bool?",
    change_mode: "ChangeMode:string?",
    change_signal: "ChangeSignal:string?",
    allow_token_expiration: "AllowTokenExpiration:bool?",
  },
  finish: (value) => ({ Env: true, DisableFile: false, ChangeMode: "restart", ...value }),
};
export const secretSpec: BlockSpec = {
  labels: ["Name"],
  arguments: { provider: "Provider:string", path: "Path:string" },
  blocks: { config: free("Config"), env: open("Env") },
};
export const consulSpec: BlockSpec = {
  arguments: {
    namespace: "Namespace:string",
    cluster: "Cluster:string",
    partition: "Partition:string",
  },
};
