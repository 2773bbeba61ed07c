/** Rights of the kernel's list, as a driver hands them out. All names are without `cap_`, in lower case. */

const every =
  "audit_control audit_read audit_write block_suspend bpf checkpoint_restore chown dac_override dac_read_search fowner " +
  "fsetid ipc_lock ipc_owner kill lease linux_immutable mac_admin mac_override mknod net_admin net_bind_service " +
  "net_broadcast net_raw perfmon setfcap setgid setpcap setuid sys_admin sys_boot sys_chroot sys_module sys_nice " +
  "sys_pacct sys_ptrace sys_rawio sys_resource sys_time sys_tty_config syslog wake_alarm";
const known: ReadonlySet<string> = new Set(every.split(" "));

/** Docker's own list without `net_raw`, with which a task could pretend to be another machine of its network. */
export const standardCapabilities: readonly string[] = [
  "audit_write",
  "chown",
  "dac_override",
  "fowner",
  "fsetid",
  "kill",
  "mknod",
  "net_bind_service",
  "setfcap",
  "setgid",
  "setpcap",
  "setuid",
  "sys_chroot",
];

export interface CapabilityWishes {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** What the operator allows; `all` is everything. */
  readonly allowed: readonly string[];
}
export interface TaskCapabilities {
  /** What a task can ever have. */
  readonly bounding: readonly string[];
  /**
   * What a task that is not root has from its start. The reference gives all of the above; but with `dac_override` a
   * task of nobody's reads every file in its sight, so here it is what the job asks for, and low ports.
   */
  readonly ambient: readonly string[];
}

export function taskCapabilities({ add, drop, allowed }: CapabilityWishes): TaskCapabilities {
  const may = expand(allowed);
  const added = add.map(plain);
  const dropped = new Set(drop.map(plain));
  const from = dropped.has("all") ? [] : standardCapabilities;
  const wanted = new Set([...from, ...(added.includes("all") ? may : added)]);
  const bounding = [...wanted].filter((name) => may.has(name) && !dropped.has(name)).sort();
  const asked = new Set([...added, "net_bind_service"]);
  return {
    bounding,
    ambient: bounding.filter((name) => asked.has(name) || added.includes("all")),
  };
}

/** Names that nobody knows, and those that the operator does not allow. */
export function capabilityFaults({ add, drop, allowed }: CapabilityWishes): readonly string[] {
  const unknown = [...add, ...drop].map(plain).filter((name) => name !== "all" && !known.has(name));
  const may = expand(allowed);
  const denied = add
    .map(plain)
    .filter((name) => name !== "all" && known.has(name) && !may.has(name));
  return [
    ...unknown.map((name) => `unknown capability ${JSON.stringify(name)}`),
    ...(denied.length === 0
      ? []
      : [`driver does not allow the following capabilities: ${denied.join(", ")}`]),
  ];
}

function expand(names: readonly string[]): ReadonlySet<string> {
  const plainNames = names.map(plain);
  return plainNames.includes("all") ? known : new Set(plainNames.filter((name) => known.has(name)));
}

const plain = (name: string): string => name.trim().toLowerCase().replace(/^cap_/, "");
