import { expect, test } from "vitest";
import { type CheckedSettings, checkSettings } from "../../../src/agent/core/check-settings.ts";

const good: CheckedSettings = {
  isDev: false,
  serverEnabled: true,
  clientEnabled: true,
  bootstrapExpect: 3,
  dataDir: "/var/nomad",
  region: "global",
  datacenter: "dc1",
  name: "one",
  nodePool: "default",
  logLevel: "info",
  raftProtocol: 3,
  minDynamicPort: 20000,
  maxDynamicPort: 32000,
  metaKeys: ["rack", "a.b"],
  advertiseIsLoopback: false,
  tlsEnabled: true,
};
const errors = (change: Partial<CheckedSettings>) => checkSettings({ ...good, ...change }).errors;

test("a sound configuration has neither errors nor warnings", () => {
  expect(checkSettings(good)).toEqual({ errors: [], warnings: [] });
});

test.each<[Partial<CheckedSettings>, string]>([
  [
    { serverEnabled: false, clientEnabled: false, bootstrapExpect: 0 },
    "Must specify either server, client or dev mode for the agent.",
  ],
  [{ dataDir: "" }, 'Must specify "data_dir" config option or "data-dir" CLI flag'],
  [{ dataDir: "rel" }, "data-dir must be given as an absolute path: got rel"],
  [
    { dataDir: "", serverEnabled: false, bootstrapExpect: 0 },
    "Must specify the state, alloc-dir, alloc-mounts-dir and plugin-dir if data-dir is omitted.",
  ],
  [{ serverEnabled: false }, "Bootstrap requires server mode to be enabled"],
  [
    { logLevel: "loud" },
    "Invalid log level: LOUD. Valid log levels are: [TRACE DEBUG INFO WARN ERROR OFF]",
  ],
  [
    { advertiseIsLoopback: true },
    "Defaulting advertise to localhost is unsafe, please set advertise manually",
  ],
  [{ datacenter: "dc*" }, "Datacenter contains invalid characters"],
  [{ metaKeys: ["a..b"] }, 'Invalid Client.Meta key: "a..b"'],
  [
    { minDynamicPort: 5, maxDynamicPort: 4 },
    "Invalid dynamic port range: min_dynamic_port=5 and max_dynamic_port=4",
  ],
  [{ nodePool: "all" }, 'Invalid node pool: node is not allowed to register in node pool "all"'],
  [{ raftProtocol: 2 }, "raft_protocol must be 3, got 2"],
])("%j is refused", (change, text) => {
  expect(errors(change)).toEqual([text]);
});

test("warnings name what is unsafe, and dev agents have none", () => {
  const risky = { ...good, tlsEnabled: false, bootstrapExpect: 2 };
  expect(checkSettings(risky).warnings).toEqual([
    "mTLS is not configured - Nomad is not secure without mTLS!",
    "Number of bootstrap servers should ideally be set to an odd number.",
  ]);
  expect(checkSettings({ ...good, bootstrapExpect: 1 }).warnings).toEqual([
    "Bootstrap mode enabled! Potentially unsafe operation.",
  ]);
  expect(checkSettings({ ...risky, isDev: true })).toEqual({ errors: [], warnings: [] });
});
