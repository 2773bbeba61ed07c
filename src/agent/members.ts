import type { Member, MemberView, RaftPeer } from "../api/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Leadership } from "../store/store.ts";

export interface OwnServer {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly datacenter: string;
  readonly version: string;
  readonly rpcHost: string;
  readonly rpcPort: number;
  readonly serfPort: number;
  readonly bootstrapExpect: number;
}

/** The cluster as a server without gossip sees it: itself. The gossip room takes this place with more members. */
export function soleMember(own: OwnServer, leadership: Leadership): MemberView {
  const rpcAddress = `${own.rpcHost}:${own.rpcPort}`;
  const self = (): Member => ({
    Name: `${own.name}.${own.region}`,
    Addr: own.rpcHost,
    Port: own.serfPort,
    Tags: {
      bootstrap: "1",
      build: own.version,
      dc: own.datacenter,
      expect: String(own.bootstrapExpect),
      id: own.id,
      port: String(own.rpcPort),
      raft_vsn: "3",
      region: own.region,
      revision: "",
      role: "nomad",
      rpc_addr: own.rpcHost,
      vsn: "1",
    },
    Status: "alive",
    ProtocolMin: 1,
    ProtocolMax: 5,
    ProtocolCur: 2,
    DelegateMin: 2,
    DelegateMax: 5,
    DelegateCur: 4,
  });
  const peer = (): RaftPeer => ({
    ID: own.id,
    Node: `${own.name}.${own.region}`,
    Address: rpcAddress,
    Leader: leadership.isLeader(),
    Voter: true,
    RaftProtocol: "3",
  });
  return {
    self,
    list: () => [self()],
    leaderAddress: () => (leadership.leaderId() === undefined ? undefined : rpcAddress),
    peers: () => [peer()],
    join: () =>
      Promise.reject(
        new AppError(
          "unsupported",
          "joining other servers is not built yet: this agent forms a cluster of its own",
        ),
      ),
    forceLeave: () => Promise.resolve(),
  };
}
