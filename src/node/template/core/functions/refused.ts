const consul = "reads Consul, which this agent has no connection to; use nomadVar or nomadService";
const vault = "reads Vault, which this agent has no connection to; use nomadVar";
const denied = "is denied, because a template could leave its task with it";
const missing = "is not among the functions that templates have here";

const groups: readonly (readonly [reason: string, names: string])[] = [
  [
    consul,
    "key keyExists keyExistsGet keyOrDefault ls safeLs tree safeTree service services node nodes datacenters " +
      "connect caLeaf caRoots partitions peerings exportedServices importedServices byMeta explode",
  ],
  [vault, "secret secrets pkiCert"],
  [denied, "executeTemplate plugin writeToFile"],
  [
    "would tell of the machine or the agent; use env",
    "sockaddr sprig_env sprig_expandenv sprig_getHostByName expandenv getHostByName",
  ],
  [
    missing,
    "call js toTOML spew_dump spew_printf spew_sdump spew_sprintf awsSSMParameterStoreGet hcpvs",
  ],
];

/** Functions of the reference that do not exist here, each with its reason. */
const refusals: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([reason, names]) =>
    names.split(" ").map((name): [string, string] => [name, `not supported: ${name} ${reason}`]),
  ),
);

export const refusalOf = (name: string): string | undefined => refusals.get(name);
