/**
 * Every place where a crash could leave something half done, by who passes it. Each has a point `PLACE:before` and a
 * point `PLACE:after`; the kill matrix runs over this table, and the types of the ports below make sure that a new
 * call of theirs stands in it.
 */
export const failpoints = {
  /** One exchange with the Docker Engine each. */
  docker: [
    "docker-info",
    "docker-version",
    "docker-network",
    "docker-events",
    "docker-list",
    "docker-inspect",
    "docker-create",
    "docker-start",
    "docker-signal",
    "docker-stop",
    "docker-kill",
    "docker-wait",
    "docker-unpause",
    "docker-remove",
    "docker-logs",
    "docker-stats",
    "docker-image",
    "docker-pull",
    "docker-load",
    "docker-import",
    "docker-image-remove",
    "docker-exec",
    "docker-exec-start",
    "docker-exec-resize",
    "docker-exec-inspect",
  ],
  /** A node's calls of its task drivers. */
  driver: [
    "fingerprint",
    "list",
    "inspect",
    "prepare",
    "start",
    "stop",
    "signal",
    "remove",
    "output",
    "stats",
    "exec",
    "network",
    "network-inspect",
    "network-list",
    "network-remove",
    "image-find",
    "image-remove",
  ],
  /** Writes of node.db. */
  nodeDb: ["identity", "record", "record-forget", "log-position", "image", "image-forget"],
  /** Files of allocations. */
  files: ["folders", "folders-remove", "disk", "payload", "artifacts", "templates", "log-write"],
  /** The replicated log of a server. */
  log: ["append", "apply"],
} as const;

type Places = typeof failpoints;
export type DockerPlace = Places["docker"][number];
export type DriverPlace = Places["driver"][number];
export type NodeDbPlace = Places["nodeDb"][number];
export type FilesPlace = Places["files"][number];

/** The names of all points. */
export const allFailpoints = (): readonly string[] =>
  Object.values(failpoints)
    .flat()
    .flatMap((place) => [`${place}:before`, `${place}:after`]);
