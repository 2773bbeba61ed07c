import type {
  ApiContext,
  MemberView,
  MetricsView,
  MonitorOptions,
  PlanPreview,
} from "../api/context.ts";
import { multiErrorText, warningsText } from "../jobspec/admit-job.ts";
import { canonicalizeJobBody } from "../jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../jobspec/decode-body.ts";
import { annotateDiff, diffJobs } from "../jobspec/diff-jobs.ts";
import type { JobReader } from "../jobspec/job-reader.ts";
import { formatDiagnostic } from "../jobspec/parse-job.ts";
import { breatherOf } from "../lib/breather.ts";
import { runSteps } from "../lib/run-steps.ts";
import { linearSearch } from "../lib/system/regexp.ts";
import type { Job } from "../model/job.ts";
import { launchInstant, nextLaunchMs } from "../model/periodic.ts";
import type { NodeAgent } from "../reconciler/node-agent.ts";
import { dryRunSteps } from "../reconciler/schedule-job.ts";
import type { OpenedStore } from "../store/open-store.ts";
import { admit } from "./admit.ts";
import type { LargeJobs } from "./large-jobs.ts";
import { monitorLog } from "./monitor-log.ts";
import { runtimeStats, selfConfig } from "./self-view.ts";
import type { AgentOptions, AgentPlan } from "./plan-agent.ts";

export interface ApiParts {
  readonly options: AgentOptions;
  readonly plan: AgentPlan;
  readonly store: OpenedStore;
  readonly members: MemberView;
  readonly client: NodeAgent | undefined;
  readonly collectGarbage: (force: boolean) => Promise<void>;
  readonly reader: JobReader;
  readonly large: LargeJobs;
}

/** Everything the API stands on, out of the parts that this agent built. */
export function apiContext(parts: ApiParts): ApiContext {
  const { options, plan, store, members, client } = parts;
  const { clock, random, log, settings } = options;
  return {
    clock,
    random,
    log,
    store,
    region: settings.text("region"),
    datacenter: settings.text("datacenter"),
    nodeName: settings.text("name"),
    jobspec: {
      parseJob: (text, { file, variableFiles }) =>
        parts.reader.parse(text, {
          file,
          strictVariables: false,
          ...(variableFiles === undefined
            ? {}
            : { variableFiles: variableFiles.map((one) => ({ name: one.file, text: one.text })) }),
        }),
      formatDiagnostic,
      decodeJobBody,
      canonicalizeJobBody,
      admitJob: admit,
      multiErrorText,
      warningsText,
      diffJobs,
      annotateDiff,
      large: parts.large,
    },
    members,
    agent: {
      self: () => ({
        config: selfConfig({
          settings,
          isDev: options.isDev,
          isServer: plan.isServer,
          isClient: plan.isClient,
          dataDir: plan.folders.home,
          version: options.version,
          files: options.files,
          ports: plan.ports,
          advertise: plan.addresses.advertise,
        }),
        stats: stats(parts),
      }),
      isServer: plan.isServer,
      servers: () => (plan.isClient ? [plan.addresses.advertise.rpc] : []),
    },
    node: client,
    plan: async (job) => {
      const deps = { read: store.read, random, search: linearSearch };
      const steps = dryRunSteps(deps, job, clock.nowNs());
      return { ...(await runSteps(steps, breatherOf(clock))), ...nextLaunch(job, clock.nowMs()) };
    },
    collectGarbage: parts.collectGarbage,
    metrics: () => metrics(store),
    monitor: (request: MonitorOptions) => monitorLog(log, request),
  };
}

function nextLaunch(job: Job, nowMs: number): Pick<PlanPreview, "nextPeriodicLaunch"> {
  const at = nextLaunchMs(job, nowMs);
  return at === undefined || job.Periodic === null
    ? {}
    : { nextPeriodicLaunch: launchInstant(at, job.Periodic.TimeZone) };
}

type Stats = { readonly [part: string]: { readonly [name: string]: string } };

function stats({ options, plan, store, members, client }: ApiParts): Stats {
  const raft = store.raftStatus();
  const server: Stats = {
    nomad: {
      server: "true",
      leader: String(store.leadership.isLeader()),
      leader_addr: members.leaderAddress() ?? "",
      bootstrap: "true",
      known_regions: "1",
    },
    raft: {
      state: raft.state.charAt(0).toUpperCase() + raft.state.slice(1),
      term: String(raft.term),
      last_log_index: String(raft.lastLogIndex),
      last_log_term: String(raft.lastLogTerm),
      commit_index: String(raft.commitIndex),
      applied_index: String(raft.appliedIndex),
      last_snapshot_index: String(raft.lastSnapshotIndex),
      fsm_pending: String(Math.max(0, raft.commitIndex - raft.appliedIndex)),
      num_peers: String(raft.numPeers),
      last_snapshot_term: String(raft.lastSnapshotTerm),
      latest_configuration: JSON.stringify(
        members.peers().map(({ ID, Address, Voter }) => ({ ID, Address, Voter })),
      ),
      // The servers of a cluster are in its members; the log holds no entry for them yet.
      latest_configuration_index: "0",
      protocol_version: "3",
      protocol_version_min: "3",
      protocol_version_max: "3",
      snapshot_version_min: "1",
      snapshot_version_max: "1",
      last_contact: "0",
      logstore_backend: "sqlite",
    },
  };
  const gossip: Stats = { serf: gossipStats(members) };
  const node: Stats =
    client === undefined
      ? {}
      : {
          client: {
            node_id: client.nodeId,
            known_servers: plan.addresses.advertise.rpc,
            num_allocations: String(
              store.read
                .allocationsByNode(client.nodeId)
                .filter((one) => one.ClientStatus === "running").length,
            ),
            heartbeat_ttl: "10s",
            last_heartbeat: "0s",
          },
        };
  return {
    ...(plan.isServer ? { ...server, ...gossip } : {}),
    ...node,
    runtime: { ...runtimeStats(), version: options.version },
  };
}

/** Nothing waits in a queue and no clock ticks as long as a server knows only itself. */
function gossipStats(members: MemberView): { readonly [name: string]: string } {
  const all = members.list();
  const count = (status: string): string =>
    String(all.filter((one) => one.Status === status).length);
  const zeros = [
    "event_queue",
    "intent_queue",
    "query_queue",
    "event_time",
    "query_time",
    "member_time",
    "coordinate_resets",
    "health_score",
  ];
  return {
    ...Object.fromEntries(zeros.map((name) => [name, "0"])),
    members: String(all.length),
    failed: count("failed"),
    left: count("left"),
    encrypted: "false",
  };
}

function metrics(store: OpenedStore): MetricsView {
  const { read } = store;
  const raft = store.raftStatus();
  const count = (
    name: string,
    value: number,
  ): { readonly name: string; readonly value: number } => ({ name, value });
  const jobs = read.jobs({ namespace: "*" });
  return {
    gauges: [
      count("nomad.raft.commitIndex", raft.commitIndex),
      count("nomad.raft.appliedIndex", raft.appliedIndex),
      count(
        "nomad.nomad.job_status.running",
        jobs.filter((job) => job.Status === "running").length,
      ),
      count(
        "nomad.nomad.job_status.pending",
        jobs.filter((job) => job.Status === "pending").length,
      ),
      count("nomad.nomad.job_status.dead", jobs.filter((job) => job.Status === "dead").length),
      count("nomad.nomad.blocked_evals.total_blocked", read.evaluationsByStatus("blocked").length),
      count("nomad.runtime.alloc_bytes", process.memoryUsage().rss),
      count("nomad.runtime.heap_objects", process.memoryUsage().heapUsed),
    ],
    counters: [],
  };
}
