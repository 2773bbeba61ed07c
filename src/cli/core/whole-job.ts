/**
 * A job as a typed client holds it: networks, ports, checks and scaling policies leave zero fields out on the wire, and
 * what namespace a service is in is known by its job.
 */
export const wholeJob = (job: object): object => wholeFields({ ...job });

interface Fields {
  readonly [key: string]: unknown;
}

const wholeFields = (job: Fields): Fields => ({
  ...job,
  TaskGroups: each(job["TaskGroups"], wholeGroup),
});

const wholeGroup = (group: Fields): Fields => ({
  ...group,
  Networks: each(group["Networks"], wholeNetwork),
  Services: each(group["Services"], wholeService),
  Scaling: isObject(group["Scaling"]) ? { Namespace: "", ...group["Scaling"] } : group["Scaling"],
  Tasks: each(group["Tasks"], wholeTask),
});

const wholeTask = (task: Fields): Fields => ({
  ...task,
  Services: each(task["Services"], wholeService),
  Resources: isObject(task["Resources"])
    ? { ...task["Resources"], Networks: each(task["Resources"]["Networks"], wholeNetwork) }
    : task["Resources"],
});

const wholeNetwork = (network: Fields): Fields => ({
  CIDR: "",
  Device: "",
  Hostname: "",
  IP: "",
  Mode: "",
  ...network,
  DynamicPorts: each(network["DynamicPorts"], wholePort),
  ReservedPorts: each(network["ReservedPorts"], wholePort),
});

const wholePort = (port: Fields): Fields => ({
  HostNetwork: "",
  IgnoreCollision: false,
  To: 0,
  Value: 0,
  ...port,
});

const wholeService = (service: Fields): Fields => ({
  ...service,
  Namespace: undefined,
  Checks: each(service["Checks"], (check) => ({ Advertise: "", ...check })),
});

/** What is no list of objects stays as it is: null and nothing at all are shown as they came. */
const each = (list: unknown, whole: (item: Fields) => Fields): unknown =>
  Array.isArray(list) ? list.map((item) => (isObject(item) ? whole(item) : item)) : list;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
