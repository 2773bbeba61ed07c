import type { Constraint, Service, TaskGroup } from "../../../model/job.ts";

const cniPlugins = ["bridge", "firewall", "host-local", "loopback", "portmap"];

/** What a group needs of its nodes without saying so; what it says itself is not repeated. */
export function withImplicitConstraints(group: TaskGroup): TaskGroup {
  const present = new Set((group.Constraints ?? []).map(keyOf));
  const missing = implied(group).filter((constraint) => !present.has(keyOf(constraint)));
  return missing.length === 0
    ? group
    : { ...group, Constraints: [...(group.Constraints ?? []), ...missing] };
}

const keyOf = (constraint: Constraint): string =>
  JSON.stringify([constraint.LTarget, constraint.Operand, constraint.RTarget]);

function implied(group: TaskGroup): Constraint[] {
  const services = [
    ...(group.Services ?? []),
    ...group.Tasks.flatMap((task) => task.Services ?? []),
  ];
  const ofNomad = services.filter((service) => service.Provider === "nomad");
  return [
    ...signalConstraint(group),
    ...(ofNomad.length === 0 ? [] : [equal("${attr.nomad.service_discovery}", "true")]),
    ...(ofNomad.some((service) => (service.Checks ?? []).length > 0)
      ? [semver("${attr.nomad.version}", ">= 1.4.0")]
      : []),
    ...consulConstraints(services),
    ...(group.Networks?.[0]?.Mode === "bridge" ? cniPlugins.map(cniConstraint) : []),
    ...(group.Tasks.some((task) => (task.Identities ?? []).length > 0)
      ? [semver("${attr.nomad.version}", ">= 1.7.0-a")]
      : []),
  ];
}

/** Every signal that some task may be sent must be known to the node's system. */
function signalConstraint(group: TaskGroup): Constraint[] {
  const signals = new Set<string>();
  for (const task of group.Tasks) {
    const vault = task.Vault;
    if (vault?.["ChangeMode"] === "signal" && typeof vault["ChangeSignal"] === "string")
      signals.add(vault["ChangeSignal"]);
    if (task.KillSignal !== "") signals.add(task.KillSignal);
    for (const template of task.Templates ?? [])
      if (template.ChangeMode === "signal") signals.add(template.ChangeSignal);
  }
  return signals.size === 0
    ? []
    : [
        {
          LTarget: "${attr.os.signals}",
          RTarget: [...signals].toSorted().join(","),
          Operand: "set_contains",
        },
      ];
}

function consulConstraints(services: readonly Service[]): Constraint[] {
  const clusters = new Set(
    services.filter((service) => service.Provider === "consul").map((service) => service.Cluster),
  );
  return [...clusters].toSorted().map((cluster) => {
    const attribute =
      cluster === "default" ? "attr.consul.version" : `attr.consul.${cluster}.version`;
    return semver(`\${${attribute}}`, ">= 1.8.0");
  });
}

const cniConstraint = (plugin: string): Constraint =>
  semver(`\${attr.plugins.cni.version.${plugin}}`, ">= 0.4.0");

const equal = (LTarget: string, RTarget: string): Constraint => ({
  LTarget,
  RTarget,
  Operand: "=",
});
const semver = (LTarget: string, RTarget: string): Constraint => ({
  LTarget,
  RTarget,
  Operand: "semver",
});
