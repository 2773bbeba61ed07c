import { badRequest, HttpError, invalidMethod } from "../errors.ts";
import { empty, found, json } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { boolOf } from "../http/request.ts";
import { monitorFrames } from "../http/frames.ts";

export const agentSelf: ActionHandler = ({ agent, members }) =>
  json({ ...agent.self(), member: members.self() });

export const agentMembers: ActionHandler = ({ members, nodeName, region, datacenter }) =>
  json({
    ServerName: nodeName,
    ServerRegion: region,
    ServerDC: datacenter,
    Members: members.list(),
  });

export const joinMembers: ActionHandler = async ({ members }, request) => {
  const addresses = request.query.getAll("address");
  if (addresses.length === 0) throw badRequest("missing address to join");
  const { joined, error } = await members.join(addresses);
  return json({ error, num_joined: joined, warning: "" });
};

export const forceLeave: ActionHandler = async ({ members }, request) => {
  const node = request.query.get("node") ?? "";
  if (node === "") throw badRequest("missing node to force leave");
  await members.forceLeave(node, boolOf(request.query, "prune") ?? false);
  return empty();
};

/** Asked of an agent without a client, this is not a route that it has. */
export const agentServers: ActionHandler = ({ agent, node }) => {
  if (!node) throw new HttpError(501, invalidMethod().message);
  return json(agent.servers());
};

/** What runs here and whether it is well; `type` asks for one part only. */
export const agentHealth: ActionHandler = ({ agent, node, store }, request) => {
  const types = request.query.getAll("type");
  const wants = (type: string): boolean => types.length === 0 || types.includes(type);
  const hasLeader = store.leadership.leaderId() !== undefined;
  const health = {
    ...(wants("client") && (node || types.length > 0)
      ? { client: node ? well : { ok: false, message: "client not enabled" } }
      : {}),
    ...(wants("server") && (agent.isServer || types.length > 0)
      ? {
          server: !agent.isServer
            ? { ok: false, message: "server not enabled" }
            : hasLeader
              ? well
              : { ok: false, message: "No cluster leader" },
        }
      : {}),
  };
  const ok = Object.values(health).every((part) => part.ok);
  if (ok) return json(health);
  return { kind: "text", status: 500, text: JSON.stringify(health) };
};
const well = { ok: true, message: "ok" };

const levels = new Set(["trace", "debug", "info", "warn", "error"]);

export const monitorAgent: ActionHandler = (context, request) => {
  const level = (request.query.get("log_level") || "info").toLowerCase();
  if (!levels.has(level))
    throw badRequest(`Unknown log level: ${request.query.get("log_level") ?? ""}`);
  const plain = boolOf(request.query, "plain") ?? false;
  const lines = context.monitor({
    level,
    json: boolOf(request.query, "log_json") ?? false,
    signal: request.signal,
  });
  return {
    kind: "stream",
    contentType: plain ? "text/plain" : "application/json",
    chunks: plain ? lines : monitorFrames(context.clock, lines, request.signal),
  };
};

export const statusLeader: ReadHandler = ({ members }) =>
  found(0, [], () => members.leaderAddress() ?? "");

export const statusPeers: ReadHandler = ({ members }) =>
  found(0, [], () => members.peers().map((peer) => peer.Address));

export const raftConfiguration: ReadHandler = ({ members }) =>
  found(0, [], () => ({ Servers: members.peers(), Index: 0 }));

export const listRegions: ActionHandler = ({ members, region }) => {
  const regions = new Set([region]);
  for (const member of members.list()) {
    const other = member.Tags["region"];
    if (other) regions.add(other);
  }
  return json([...regions].sort());
};

export const readLicense: ActionHandler = () => ({ kind: "empty", status: 204 });

export const readMetrics: ActionHandler = ({ metrics, clock }, request) => {
  if (request.query.get("format") === "prometheus")
    throw new HttpError(415, "Prometheus is not enabled");
  const { gauges, counters } = metrics();
  const seconds = new Date(clock.nowMs()).toISOString().slice(0, 19).replace("T", " ");
  return json({
    Timestamp: `${seconds} +0000 UTC`,
    Gauges: gauges.map(({ name, value }) => ({ Name: name, Value: value, Labels: {} })),
    Points: [],
    Counters: counters.map(({ name, count }) => ({
      Name: name,
      Count: count,
      Rate: 0,
      Sum: count,
      Min: 0,
      Max: 0,
      Mean: 0,
      Stddev: 0,
      Labels: {},
    })),
    Samples: [],
  });
};

/** Access control is off: everybody is this token. */
export const tokenSelf: ReadHandler = () =>
  found(0, [], () => ({
    AccessorID: "acls-disabled",
    SecretID: "",
    Name: "ACLs disabled token",
    Type: "client",
    Policies: null,
    Roles: null,
    Global: false,
    Hash: null,
    CreateTime: "0001-01-01T00:00:00Z",
    ExpirationTime: null,
    ExpirationTTL: "",
    CreateIndex: 0,
    ModifyIndex: 0,
  }));
