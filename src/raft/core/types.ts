/** What RaftCore takes and gives. Peers are named by server id; entries carry bytes that nobody here looks into. */
export type PeerId = string;

export interface Entry {
  readonly index: number;
  readonly term: number;
  /** Empty: the entry by which a new leader commits what its predecessors left. */
  readonly data: Uint8Array;
}
export interface EntryId {
  readonly index: number;
  readonly term: number;
}
/** Must be durable before any message that depends on it leaves. */
export interface HardState {
  readonly term: number;
  readonly vote: PeerId | null;
}
/** Inclusive at both ends. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

interface Envelope {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly term: number;
}
export interface VoteRequest extends Envelope {
  readonly kind: "vote-request";
  readonly last: EntryId;
}
export interface VoteReply extends Envelope {
  readonly kind: "vote-reply";
  readonly granted: boolean;
}
/** Also the heartbeat, when it carries no entries. */
export interface AppendRequest extends Envelope {
  readonly kind: "append-request";
  readonly previous: EntryId;
  readonly entries: readonly Entry[];
  readonly commit: number;
}
export interface AppendReply extends Envelope {
  readonly kind: "append-reply";
  readonly accepted: boolean;
  /** Accepted: the last index that is now known to match. Refused: where the leader should try next. */
  readonly index: number;
}
export type Message = VoteRequest | VoteReply | AppendRequest | AppendReply;

/** The core knows indexes and terms only; whoever drives it fills `range` with entries from the log. */
export interface AppendOrder extends Envelope {
  readonly kind: "append-order";
  readonly previous: EntryId;
  readonly range: IndexRange | undefined;
  readonly commit: number;
}
export type Outgoing = VoteRequest | VoteReply | AppendReply | AppendOrder;

/** Work for the driver, in this order: persist hardState and entries together, send, then apply committed. */
export interface Ready {
  readonly hardState: HardState | undefined;
  /** Entries at and after this index must be removed before `entries` are appended. */
  readonly truncateFrom: number | undefined;
  readonly entries: readonly Entry[];
  readonly messages: readonly Outgoing[];
  /** Peers that lack entries which compaction has removed: only a snapshot brings them on. */
  readonly needSnapshot: readonly PeerId[];
  readonly committed: IndexRange | undefined;
}
export type Role = "follower" | "candidate" | "leader";
