import type { ArtifactSource } from "./source.ts";

export type GitSource = Extract<ArtifactSource, { kind: "git" }>;
export interface GitNetwork {
  /** The guarded way out for http and https, with its own password. */
  readonly proxy: string | undefined;
  /** The address that passed, for ssh. */
  readonly address: string | undefined;
  readonly keyPath: string | undefined;
  readonly knownHostsPath: string;
  readonly isInsecure: boolean;
  readonly headers: Readonly<Record<string, string>>;
}
type Words = readonly string[];

/**
 * What is true for every call: nothing of a repository becomes a link, a hook or a filter, and nothing of this
 * machine's own configuration counts.
 */
const always: Words = [
  ["core.symlinks", "false"],
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.protectHFS", "true"],
  ["core.protectNTFS", "true"],
  ["advice.detachedHead", "false"],
  ["gc.auto", "0"],
  // A server that sends nothing for a minute is given up.
  ["http.lowSpeedLimit", "1"],
  ["http.lowSpeedTime", "60"],
  ["maintenance.auto", "false"],
].flatMap(([key, value]) => ["-c", `${key}=${value}`]);

/** The calls of git that bring a repository into the folder `name` below where they run. */
export function gitCommands(source: GitSource, name: string): readonly Words[] {
  const { ref, depth } = source;
  const clone = [...always, "clone", "--quiet", "--no-hardlinks", "--template="];
  // Only branches and tags can be asked for by name; a commit needs all that leads to it.
  const isCommit = ref !== undefined && /^[0-9a-f]{7,64}$/i.test(ref);
  if (depth > 0 && !isCommit) {
    const branch = ref === undefined ? [] : [`--branch=${ref}`];
    return [[...clone, `--depth=${depth}`, ...branch, "--", gitAddress(source), name]];
  }
  return [
    [...clone, ...(ref === undefined ? [] : ["--no-checkout"]), "--", gitAddress(source), name],
    ...(ref === undefined ? [] : [[...always, "-C", name, "checkout", "--quiet", ref, "--"]]),
  ];
}

export const submoduleCommand = (name: string, depth: number): Words => [
  ...always,
  "-C",
  name,
  "submodule",
  "--quiet",
  "update",
  "--init",
  "--recursive",
  ...(depth > 0 ? [`--depth=${depth}`] : []),
];

/** Without a password: that would stay in the repository's configuration, for every task to read. */
export function gitAddress({ url }: GitSource): string {
  const bare = new URL(url);
  if (bare.protocol === "ssh:") return bare.href;
  bare.username = "";
  bare.password = "";
  return bare.href;
}

/** The whole environment of a call. `home` is an empty folder. */
export function gitEnvironment(
  source: GitSource,
  network: GitNetwork,
  home: string,
): Readonly<Record<string, string>> {
  const isSsh = source.url.startsWith("ssh:");
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    GIT_ALLOW_PROTOCOL: isSsh ? "ssh" : "http:https",
    ...(network.isInsecure ? { GIT_SSL_NO_VERIFY: "1" } : {}),
    ...(network.proxy === undefined
      ? {}
      : { http_proxy: network.proxy, https_proxy: network.proxy, no_proxy: "" }),
    ...(isSsh ? { GIT_SSH_COMMAND: sshCommand(source, network), GIT_SSH_VARIANT: "ssh" } : {}),
    ...configured(isSsh ? [] : headerSettings(source, network.headers)),
  };
}

/** Headers go to the repository's own server only, and stay out of the process list. */
function headerSettings(
  source: GitSource,
  given: GitNetwork["headers"],
): readonly (readonly [string, string])[] {
  const { origin, username, password } = new URL(source.url);
  const hasUser = username !== "" || password !== "";
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const all = [
    ...(hasUser ? [["Authorization", `Basic ${toBase64(words)}`] as const] : []),
    ...Object.entries(given),
  ];
  return all
    .filter(([name, value]) => !/[\r\n\0]/.test(name + value))
    .map(([name, value]) => [`http.${origin}/.extraHeader`, `${name}: ${value}`]);
}

function configured(settings: readonly (readonly [string, string])[]): Record<string, string> {
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
}

/** Connects to the address that passed, under the name that was asked for, with the given key and no other. */
function sshCommand({ url }: GitSource, network: GitNetwork): string {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  const options = [
    `HostName=${network.address ?? host}`,
    `HostKeyAlias=${host}`,
    "CheckHostIP=no",
    "BatchMode=yes",
    "LogLevel=ERROR",
    "ConnectTimeout=60",
    "ServerAliveInterval=20",
    "ServerAliveCountMax=3",
    "StrictHostKeyChecking=accept-new",
    `UserKnownHostsFile=${network.knownHostsPath}`,
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    `IdentityFile=${network.keyPath ?? "none"}`,
    "ProxyCommand=none",
    "PermitLocalCommand=no",
    "ForwardAgent=no",
  ];
  return ["ssh", "-F", "/dev/null", ...options.flatMap((option) => ["-o", quoted(option)])].join(
    " ",
  );
}

/** A shell reads the command. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const toBase64 = (text: string): string =>
  btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
