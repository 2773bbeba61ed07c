import { createApiServer } from "../api/server.ts";
import { createJobReader } from "../jobspec/job-reader.ts";
import { askSecondOpinion } from "../jobspec/second-opinion.ts";
import { AppError } from "../lib/errors.ts";
import { linearSearch } from "../lib/system/regexp.ts";
import { type OpenedStore, openStore } from "../store/open-store.ts";
import { startJobFileLoop } from "../reconciler/job-file-loop.ts";
import { apiContext } from "./api-context.ts";
import { environmentFailpoint } from "./failpoint.ts";
import { listenHttp, type HttpHandlers } from "./http-listener.ts";
import { createLargeJobs, type LargeJobs } from "./large-jobs.ts";
import { loadJobFile } from "./load-job.ts";
import { soleMember } from "./members.ts";
import type { AgentOptions, AgentPlan } from "./plan-agent.ts";
import { startClient } from "./start-client.ts";
import { collectGarbage } from "../reconciler/garbage.ts";
import { Heartbeats } from "../reconciler/heartbeats.ts";
import { startSchedules } from "../reconciler/schedules.ts";
import { startLeaderLoops } from "../reconciler/leader-loops.ts";
import { Stoppers } from "./stoppers.ts";

export interface Agent {
  stop(): Promise<void>;
}
/** Builds every part once, in order; stops them in reverse, also when a later part fails to start. */
export async function startAgent(
  options: AgentOptions,
  plan: AgentPlan,
  prepared: { readonly lock: { release(): void }; readonly serverId: string },
): Promise<Agent> {
  const stoppers = new Stoppers(options.log);
  stoppers.add("home lock", () => {
    prepared.lock.release();
  });
  try {
    await startParts(options, plan, prepared.serverId, stoppers);
    return { stop: () => stoppers.run() };
  } catch (thrown) {
    await stoppers.run();
    throw thrown;
  }
}

async function startParts(
  options: AgentOptions,
  plan: AgentPlan,
  serverId: string,
  stoppers: Stoppers,
): Promise<void> {
  const { clock, random, log, settings, interrupted } = options;
  if (!plan.isServer)
    throw new AppError(
      "unsupported",
      "a client-only agent needs the rpc room, which is not built yet: enable the server block too",
    );
  // The port comes first: an agent that cannot have it must not have touched a container before it finds out.
  let handlers: HttpHandlers = notReady;
  const listener = await listenHttp(
    {
      handler: (request, response) => {
        handlers.handler(request, response);
      },
      upgrade: (request, socket, head) => {
        handlers.upgrade(request, socket, head);
      },
    },
    plan.addresses.httpHosts,
    plan.ports.http,
  );
  stoppers.add("http port", () => listener.close());
  interrupted.throwIfAborted();
  const store = await openStore({
    dataDir: plan.folders.server,
    serverId,
    clock,
    random,
    log,
    onFatal: options.onFatal,
    failpoint: environmentFailpoint(),
  });
  stoppers.add("store", () => store.close());
  interrupted.throwIfAborted();
  const heartbeats = new Heartbeats(clock);
  const leader = startLeaderLoops({ clock, random, log, store, heartbeats, search: linearSearch });
  stoppers.add("leader loops", () => leader.stop());
  const client = plan.isClient
    ? await startClient(options, plan, { store, heartbeats, stoppers })
    : undefined;
  interrupted.throwIfAborted();
  const members = membersOf(options, plan, serverId, store);
  const reader = createJobReader({ clock });
  stoppers.add("job reader of the api", () => reader.close());
  const large = createLargeJobs({ clock });
  stoppers.add("reader of large jobs", () => large.close());
  const api = createApiServer(
    apiContext({
      options,
      plan,
      store,
      members,
      client,
      collectGarbage: (force) => collectGarbage({ clock, store }, force),
      reader,
      large,
    }),
  );
  stoppers.add("api", () => {
    api.close();
  });
  handlers = api;
  stoppers.add("http listener", () => listener.close());
  const schedules = startSchedules(log.child("schedules"), [
    {
      name: "garbage collection",
      cron: "*/5 * * * *",
      run: () =>
        store.leadership.isLeader() ? collectGarbage({ clock, store }, false) : Promise.resolve(),
    },
  ]);
  stoppers.add("schedules", () => schedules.stop());
  if (settings.flag("jobs.enabled")) startFolder(options, { store, stoppers, large });
}

const membersOf = (
  { settings, version }: AgentOptions,
  plan: AgentPlan,
  serverId: string,
  store: OpenedStore,
): ReturnType<typeof soleMember> =>
  soleMember(
    {
      id: serverId,
      name: settings.text("name"),
      region: settings.text("region"),
      datacenter: settings.text("datacenter"),
      version,
      rpcHost: hostOf(plan.addresses.advertise.rpc),
      rpcPort: plan.ports.rpc,
      serfPort: plan.ports.serf,
      bootstrapExpect: settings.number("server.bootstrap_expect"),
    },
    store.leadership,
  );

const notReady: HttpHandlers = {
  handler: (_request, response) => {
    response.writeHead(503, { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "1" });
    response.end("the agent is starting");
  },
  upgrade: (_request, socket) => {
    socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\r\n");
  },
};

function startFolder(
  options: AgentOptions,
  parts: {
    readonly store: OpenedStore;
    readonly stoppers: Stoppers;
    readonly large: LargeJobs;
  },
): void {
  const { store, stoppers, large } = parts;
  const { clock, random, log, settings } = options;
  // Its own: texts sent to the API must not keep the folder waiting.
  const reader = createJobReader({ clock });
  stoppers.add("job reader of the folder", () => reader.close());
  const folder = startJobFileLoop(clock, random, log, {
    agent: settings.text("name"),
    dir: settings.text("jobs.dir"),
    rescanMs: settings.milliseconds("jobs.rescan"),
    deleteGraceMs: settings.milliseconds("jobs.delete_grace"),
    store,
    loadJob: (text, file) =>
      loadJobFile({ reader, large, read: store.read, region: settings.text("region") }, text, file),
    secondOpinion: async (text) =>
      (await askSecondOpinion(text, { clock, isAccepted: true }))?.accepts,
  });
  stoppers.add("job folder", () => folder.stop());
}

const hostOf = (address: string): string =>
  address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
