import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseYaml } from "../jobspec/parse-yaml.ts";
import type { Heartbeats } from "../reconciler/heartbeats.ts";
import { InProcessSource } from "../reconciler/in-process-source.ts";
import { type NodeAgent, startNodeAgent } from "../reconciler/node-agent.ts";
import { createTemplateThread } from "./template-thread.ts";
import { createNvidiaPlugin } from "../node/nvidia.ts";
import { SecretsMounts } from "../node/secrets-mount.ts";
import type { Store } from "../store/store.ts";
import { environmentFailpoint } from "./failpoint.ts";
import { idFromFile } from "./identity.ts";
import { hostEnvironment } from "./host-environment.ts";
import { nodeDrivers } from "./node-drivers.ts";
import type { AgentOptions, AgentPlan } from "./plan-agent.ts";
import type { Stoppers } from "./stoppers.ts";

export interface ClientParts {
  readonly store: Store;
  readonly heartbeats: Heartbeats;
  readonly stoppers: Stoppers;
}

/** The node's half of a combined agent: its servers are in the same process. */
export async function startClient(
  options: AgentOptions,
  plan: AgentPlan,
  { store, heartbeats, stoppers }: ClientParts,
): Promise<NodeAgent> {
  const { clock, random, log, settings, isDev } = options;
  if (isDev) keepIdentity(options, plan);
  const source = new InProcessSource({ clock, random, log, store, heartbeats });
  stoppers.add("report batches", () => source.stop());
  const templateThread = createTemplateThread({ clock });
  stoppers.add("renderer of templates", () => templateThread.close());
  const failpoint = environmentFailpoint();
  const node = await startNodeAgent({
    clock,
    random,
    log,
    source,
    drivers: nodeDrivers({ clock, log, settings, isDev, folders: plan.folders, failpoint }),
    dataDir: plan.folders.client,
    allocDir: plan.folders.allocations,
    clusterId: `nomad-${settings.text("region")}`,
    hostEnv: hostEnvironment(settings.map("client.options"), process.env),
    failpoint,
    artifacts: plan.client.artifacts,
    devicePlugins: plan.client.nvidia.enabled
      ? [
          createNvidiaPlugin({
            clock,
            log,
            config: plan.client.nvidia,
            searchPath: process.env["PATH"] ?? "",
          }),
        ]
      : [],
    parseYaml,
    templateThread,
    collection: plan.client.collection,
    secretsMounts: new SecretsMounts(clock, log.child("node")),
    // A dev agent starts with an empty state: whatever it finds is left over from one that was killed.
    ...(isDev ? { orphanGraceMs: 1_000 } : {}),
    nodeConfig: {
      region: settings.text("region"),
      datacenter: settings.text("datacenter"),
      name: settings.text("name"),
      nodeClass: settings.text("client.node_class"),
      nodePool: settings.text("client.node_pool"),
      meta: settings.map("client.meta"),
      hostVolumes: plan.client.hostVolumes,
      httpAddr: plan.addresses.advertise.http,
      version: options.version,
      tlsEnabled: false,
      networkInterface: settings.text("client.network_interface") || undefined,
      cpuTotalCompute: settings.number("client.cpu_total_compute") || undefined,
      memoryTotalMb: settings.number("client.memory_total_mb") || undefined,
      diskTotalMb: settings.number("client.disk_total_mb") || undefined,
      minDynamicPort: settings.number("client.min_dynamic_port"),
      maxDynamicPort: settings.number("client.max_dynamic_port"),
      reservableCores: plan.client.cores.reservable,
      reserved: {
        cores: plan.client.cores.reserved,
        cpu: settings.number("client.reserved.cpu"),
        memoryMb: settings.number("client.reserved.memory"),
        diskMb: settings.number("client.reserved.disk"),
        ports: settings.text("client.reserved.reserved_ports"),
      },
    },
  });
  stoppers.add("node", () => node.stop({ destroyAll: isDev }));
  return node;
}

/** The node's folder is new at each start of a dev agent; who it is stays. */
function keepIdentity({ random }: AgentOptions, plan: AgentPlan): void {
  mkdirSync(plan.folders.client, { recursive: true, mode: 0o700 });
  for (const name of ["client-id", "secret-id"]) {
    const id = idFromFile(join(plan.folders.identity, name), random);
    writeFileSync(join(plan.folders.client, name), id, { mode: 0o600 });
  }
}
