/** Decisions about the Docker Engine, apart from what they are made of, so that a test can ask for each. */

export const enginePackages = ["docker.io", "iptables", "busybox-static"];

/** Where DOCKER_HOST points, as options of a request; undefined for what cannot be asked over HTTP, such as ssh. */
export function engineAddress(dockerHost) {
  const host =
    dockerHost === undefined || dockerHost === "" ? "unix:///var/run/docker.sock" : dockerHost;
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(host);
  if (tcp === null) return undefined;
  return { host: tcp[1].replace(/^\[|\]$/g, ""), port: Number(tcp[2] ?? 2375) };
}

/**
 * What to do about the engine: "use" it, "install" it, "start" it, or go "without", and what to say first.
 * state: "running", "denied" or "absent".
 */
export function planEngine({ state, dockerHost, hasDockerd, isRoot, hasApt, mayInstall }) {
  const install = `apt-get install -y ${enginePackages.join(" ")}`;
  if (state === "running") return { kind: "use", say: [] };
  if (state === "denied")
    return {
      kind: "without",
      say: [
        "You may not open the Docker socket. Do this once, then log in again:",
        "    sudo usermod -aG docker $USER",
      ],
    };
  if (dockerHost !== undefined && dockerHost !== "")
    return {
      kind: "without",
      say: [
        `No Docker Engine answers at DOCKER_HOST=${dockerHost}. Correct it, or unset it to use this machine's own.`,
      ],
    };
  if (hasDockerd && isRoot) return { kind: "start", say: [] };
  if (hasDockerd)
    return {
      kind: "without",
      say: [
        "The Docker Engine is installed but does not run. Start it: sudo systemctl start docker",
      ],
    };
  if (!isRoot || !hasApt)
    return {
      kind: "without",
      say: [
        hasApt
          ? `No Docker Engine found. To install one: sudo ${install}`
          : "No Docker Engine found. Install one as https://docs.docker.com/engine/install tells, then start again.",
      ],
    };
  if (!mayInstall)
    return {
      kind: "without",
      say: [`No Docker Engine found, and --no-install was given. It would be: ${install}`],
    };
  return { kind: "install", say: [`No Docker Engine found. This would be run: ${install}`] };
}

/** An empty answer is a yes: the question shows it as the default. */
export const isYes = (answer) => /^(?:y|yes|)$/i.test(answer.trim());

/** Which of a program's packages hold what it needs at run time, out of the lines of `apt-cache depends`. */
export function runtimePackages(listing) {
  const names = listing
    .split("\n")
    .filter((line) => /^(?:lib|lua-|redis-|zlib|gcc-\d+-base)/.test(line))
    .map((line) => line.trim());
  return [...new Set(names)];
}

/** `name:tag` in two; a port of a registry is no tag. */
export function splitImage(name) {
  const at = name.lastIndexOf(":");
  if (at <= name.lastIndexOf("/")) return { repo: name, tag: "latest" };
  return { repo: name.slice(0, at), tag: name.slice(at + 1) };
}

/** Node 20.19 is the oldest that works. */
export function isNodeTooOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 20 || (major === 20 && minor < 19);
}

/** What to say about a Node that is too new; undefined for one that is known to do. */
export function nodeWarning(version) {
  const [major = 0] = version.split(".").map(Number);
  if (major < 23) return undefined;
  return (
    `WARNING: on Node ${version} the SQLite module may abort the agent at any garbage collection ` +
    "(seen with Node 24.21): use Node 22."
  );
}

/** Whether the bytes are an ELF program that asks for no dynamic loader; a string search finds the loader's name in static ones too. */
export function isStaticProgram(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return false;
  const is64 = bytes[4] === 2;
  const isLittle = bytes[5] === 1;
  const short = (at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const word = (at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const long = (at) => Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const table = is64 ? long(0x20) : word(0x1c);
  const size = short(is64 ? 0x36 : 0x2a);
  const count = short(is64 ? 0x38 : 0x2c);
  if (table + size * count > bytes.length) return false;
  const interpreter = 3;
  return Array.from({ length: count }, (_, at) => word(table + at * size)).every(
    (type) => type !== interpreter,
  );
}
