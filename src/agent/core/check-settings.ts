/** What an agent needs to know before it may start, out of the merged configuration. */
export interface CheckedSettings {
  readonly isDev: boolean;
  readonly serverEnabled: boolean;
  readonly clientEnabled: boolean;
  readonly bootstrapExpect: number;
  readonly dataDir: string;
  readonly region: string;
  readonly datacenter: string;
  readonly name: string;
  readonly nodePool: string;
  readonly logLevel: string;
  readonly raftProtocol: number;
  readonly minDynamicPort: number;
  readonly maxDynamicPort: number;
  readonly metaKeys: readonly string[];
  readonly advertiseIsLoopback: boolean;
  readonly tlsEnabled: boolean;
}
export interface SettingsVerdict {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"];

export function checkSettings(settings: CheckedSettings): SettingsVerdict {
  return { errors: errorsOf(settings), warnings: warningsOf(settings) };
}

function errorsOf(settings: CheckedSettings): string[] {
  const { dataDir, serverEnabled, clientEnabled, isDev } = settings;
  const isPortRange =
    settings.minDynamicPort >= 0 &&
    settings.maxDynamicPort <= 65535 &&
    settings.minDynamicPort <= settings.maxDynamicPort;
  const rules: readonly (readonly [boolean, string])[] = [
    [
      !levels.includes(settings.logLevel.toUpperCase()),
      `Invalid log level: ${settings.logLevel.toUpperCase()}. Valid log levels are: [${levels.join(" ")}]`,
    ],
    [
      !serverEnabled && !clientEnabled,
      "Must specify either server, client or dev mode for the agent.",
    ],
    [
      dataDir !== "" && !dataDir.startsWith("/"),
      `data-dir must be given as an absolute path: got ${dataDir}`,
    ],
    [
      dataDir === "" && serverEnabled && !isDev,
      'Must specify "data_dir" config option or "data-dir" CLI flag',
    ],
    [
      dataDir === "" && !serverEnabled && clientEnabled && !isDev,
      "Must specify the state, alloc-dir, alloc-mounts-dir and plugin-dir if data-dir is omitted.",
    ],
    [
      settings.bootstrapExpect > 0 && !serverEnabled,
      "Bootstrap requires server mode to be enabled",
    ],
    [
      settings.region === "" || settings.region.includes("\0"),
      "Region contains invalid characters",
    ],
    [/[*\0]/.test(settings.datacenter), "Datacenter contains invalid characters"],
    [
      settings.nodePool === "all",
      `Invalid node pool: node is not allowed to register in node pool "all"`,
    ],
    [
      settings.nodePool !== "" && !/^[a-zA-Z0-9_-]{1,128}$/.test(settings.nodePool),
      `Invalid node pool: "${settings.nodePool}"`,
    ],
    [settings.raftProtocol !== 3, `raft_protocol must be 3, got ${settings.raftProtocol}`],
    [
      !isPortRange,
      `Invalid dynamic port range: min_dynamic_port=${settings.minDynamicPort} and max_dynamic_port=${settings.maxDynamicPort}`,
    ],
    [
      settings.advertiseIsLoopback && !isDev,
      "Defaulting advertise to localhost is unsafe, please set advertise manually",
    ],
  ];
  const badMeta = settings.metaKeys.filter((key) => !/^[^.\s]+(?:\.[^.\s]+)*$/.test(key));
  return [
    ...rules.filter(([isBroken]) => isBroken).map(([, text]) => text),
    ...badMeta.map((key) => `Invalid Client.Meta key: "${key}"`),
  ];
}

function warningsOf(settings: CheckedSettings): string[] {
  if (settings.isDev) return [];
  const { serverEnabled, bootstrapExpect } = settings;
  const rules: readonly (readonly [boolean, string])[] = [
    [!settings.tlsEnabled, "mTLS is not configured - Nomad is not secure without mTLS!"],
    [
      serverEnabled && bootstrapExpect === 1,
      "Bootstrap mode enabled! Potentially unsafe operation.",
    ],
    [
      serverEnabled && bootstrapExpect !== 1 && bootstrapExpect % 2 === 0,
      "Number of bootstrap servers should ideally be set to an odd number.",
    ],
  ];
  return rules.filter(([isDue]) => isDue).map(([, text]) => text);
}
