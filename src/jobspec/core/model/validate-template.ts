import type { TaskArtifact, Template, WorkloadIdentity } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated, time, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const changeModes = ["noop", "restart", "signal", "script"];
const checksumLengths = new Map([
  ["md5", 32],
  ["sha1", 40],
  ["sha256", 64],
  ["sha512", 128],
]);

/**
 * True when a path that is meant to stay in the allocation climbs out of it. `depth` is how deep in the allocation it
 * starts: 1 in the task's folder.
 */
export function escapesAllocation(path: string, start: number): boolean {
  let depth = start;
  for (const part of path.replace(/\$\{[^}]*\}/g, "x").split("/")) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}

export const templatesFaults = (templates: readonly Template[] | null): JobFault[] => {
  const all = templates ?? [];
  return [
    ...eachOf("Templates", all, (template, at) =>
      nested(`Template ${at + 1} validation failed`, templateFaults(template)),
    ),
    ...repeated(all.map((template) => template.DestPath)).map(({ first, again }): JobFault => ({
      text: `Template ${again} has same destination as ${first}`,
      path: ["Templates", again - 1, "DestPath"],
    })),
  ];
};

function templateFaults(template: Template): JobFault[] {
  const { ChangeMode: mode, ChangeScript: script, Wait: wait } = template;
  const escapes = escapesAllocation(template.DestPath, 1);
  return faultsOf(
    [
      template.SourcePath === "" && template.EmbeddedTmpl === "",
      "Must specify a source path or have an embedded template",
      "SourcePath",
    ],
    [template.DestPath === "", "Must specify a destination for the template", "DestPath"],
    [escapes, "template destination escapes Nomad's data directory", "DestPath"],
    [
      !changeModes.includes(mode),
      () =>
        `Invalid change mode ${quoted(mode)}. Must be one of the following: ${changeModes.join(", ")}`,
      "ChangeMode",
    ],
    [
      mode === "signal" && template.ChangeSignal === "",
      "Must specify signal value when change mode is signal",
      "ChangeSignal",
    ],
    [mode === "signal" && template.Envvars, "cannot use signals with env var templates", "Envvars"],
    [
      mode === "script" && (script === null || script["Command"] === ""),
      "must specify change script configuration value when change mode is script",
      "ChangeMode",
    ],
    [template.Splay < 0, "Must specify positive splay value", "Splay"],
    [
      template.Perms !== "" && !/^0*[0-7]{1,4}$/.test(template.Perms),
      () => `Failed to parse ${quoted(template.Perms)} as octal: invalid syntax`,
      "Perms",
    ],
    [
      wait !== null && wait.Min !== null && wait.Max !== null && wait.Min > wait.Max,
      () => `wait min ${time(wait?.Min ?? 0)} is greater than max ${time(wait?.Max ?? 0)}`,
      "Wait",
      "Min",
    ],
    [
      wait !== null && ((wait.Min ?? 0) < 0 || (wait.Max ?? 0) < 0),
      "wait durations must not be negative",
      "Wait",
    ],
  );
}

export const artifactsFaults = (artifacts: readonly TaskArtifact[] | null): JobFault[] =>
  eachOf("Artifacts", artifacts, (artifact, at) =>
    nested(`Artifact ${at + 1} validation failed`, artifactFaults(artifact)),
  );

function artifactFaults(artifact: TaskArtifact): JobFault[] {
  return [
    ...faultsOf(
      [artifact.GetterSource === "", "source must be specified", "GetterSource"],
      [
        !["any", "file", "dir"].includes(artifact.GetterMode),
        () =>
          `invalid artifact mode ${quoted(artifact.GetterMode)}; must be one of: any, file, dir`,
        "GetterMode",
      ],
      [
        escapesAllocation(artifact.RelativeDest, 1),
        "artifact destination escapes allocation directory",
        "RelativeDest",
      ],
    ),
    ...within(["GetterOptions", "checksum"], checksumFaults(artifact.GetterOptions?.["checksum"])),
  ];
}

function checksumFaults(checksum: string | undefined): JobFault[] {
  if (checksum === undefined || checksum.includes("${")) return [];
  const [kind = "", value = ""] = checksum.trim().split(":");
  if (checksum.trim() === "") return faultsOf([true, "checksum value cannot be empty"]);
  if (!checksum.includes(":"))
    return faultsOf([true, `checksum must be given as "type:value"; got ${quoted(checksum)}`]);
  const length = checksumLengths.get(kind);
  if (kind === "file") return [];
  if (length === undefined) return faultsOf([true, `unsupported checksum type: ${kind}`]);
  return faultsOf(
    [!/^[0-9a-fA-F]*$/.test(value), () => `invalid checksum: ${quoted(value)} is not hexadecimal`],
    [value.length !== length, () => `invalid ${kind} checksum: ${checksum}`],
  );
}

export const identitiesFaults = (identities: readonly WorkloadIdentity[] | null): JobFault[] =>
  eachOf("Identities", identities, (identity) =>
    nested(`Identity ${quoted(identity.Name)} is invalid`, identityFaults(identity)),
  );

function identityFaults(identity: WorkloadIdentity): JobFault[] {
  return faultsOf(
    [
      !/^[a-zA-Z0-9-_]{1,128}$/.test(identity.Name),
      () => `invalid name ${quoted(identity.Name)}: must match regex ^[a-zA-Z0-9-_]{1,128}$`,
      "Name",
    ],
    [identity.Name === "default", "only one default identity is allowed", "Name"],
    [identity.TTL < 0, () => `ttl must be >= 0, not ${time(identity.TTL)}`, "TTL"],
    [
      identity.ChangeSignal !== "" && identity.ChangeMode !== "signal",
      () => `can only use change_signal=${quoted(identity.ChangeSignal)} with change_mode="signal"`,
    ],
    [
      !["", "noop", "restart", "signal"].includes(identity.ChangeMode),
      () => `invalid change_mode: ${quoted(identity.ChangeMode)}`,
      "ChangeMode",
    ],
    [
      identity.ChangeMode === "signal" && identity.ChangeSignal === "",
      "change_signal must be specified when using change_mode = signal",
      "ChangeMode",
    ],
    [(identity.Audience ?? []).includes(""), "an empty string is an invalid audience", "Audience"],
  );
}
