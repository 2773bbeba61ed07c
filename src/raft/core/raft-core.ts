import { assert, assertNever } from "../../lib/errors.ts";
import type { Random } from "../../lib/random.ts";
import { PeerProgress } from "./peer-progress.ts";
import type { TermLog } from "./term-log.ts";
import type {
  AppendReply,
  AppendRequest,
  Entry,
  EntryId,
  HardState,
  Message,
  Outgoing,
  PeerId,
  Ready,
  Role,
  VoteReply,
  VoteRequest,
} from "./types.ts";

export interface RaftCoreOptions {
  readonly id: PeerId;
  /** The other voters. None: this server alone is the cluster and elects itself. */
  readonly peers: readonly PeerId[];
  readonly hardState: HardState;
  readonly log: TermLog;
  /** What the state machine has already; never handed out as committed again. */
  readonly applied: number;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
}

/**
 * Raft (Ongaro and Ousterhout, the extended paper, sections 5.1 to 5.4) as a value that is driven: `tick`, `step` and
 * `propose` change it, `takeReady` says what to do outside, `persisted` tells it what is on the disk.
 * R1. One vote per term; a vote and a term are durable before a message that rests on them leaves.
 * R2. A leader only appends; it never removes an entry of its own log.
 * R3. Entries are accepted only behind an entry that matches; only a conflicting suffix is removed, and never at or
 *     below what is committed.
 * R4. A leader counts replicas only for entries of its own term; older ones are committed with them.
 * R5. A server counts itself for an entry only when the entry is on its disk.
 * R6. Term and commit never fall; entries are handed out as committed once, in order, and only when on this disk.
 */
export class RaftCore {
  readonly #options: RaftCoreOptions;
  readonly #random: Random;
  readonly #log: TermLog;
  #role: Role = "follower";
  #term: number;
  #vote: PeerId | null;
  #leader: PeerId | undefined;
  #commit: number;
  #handedOut: number;
  #stable: number;
  #ticks = 0;
  #timeoutTicks = 0;
  #votes = new Set<PeerId>();
  #progress = new Map<PeerId, PeerProgress>();
  #unsavedState = false;
  #unsaved: Entry[] = [];
  #truncateFrom: number | undefined;
  #messages: Outgoing[] = [];

  constructor(random: Random, options: RaftCoreOptions) {
    this.#random = random;
    this.#options = options;
    this.#log = options.log;
    this.#term = options.hardState.term;
    this.#vote = options.hardState.vote;
    this.#commit = options.applied;
    this.#handedOut = options.applied;
    this.#stable = options.log.lastIndex;
    assert(options.applied <= options.log.lastIndex, "the log reaches what is applied");
    this.#resetTimer();
  }

  get role(): Role {
    return this.#role;
  }
  get term(): number {
    return this.#term;
  }
  get leader(): PeerId | undefined {
    return this.#leader;
  }
  get commit(): number {
    return this.#commit;
  }
  get last(): EntryId {
    return this.#log.last();
  }

  /** Ticks are the only time there is here; the driver decides how long one lasts. */
  termAt(index: number): number | undefined {
    return this.#log.termAt(index);
  }
  tick(): void {
    this.#ticks += 1;
    if (this.#role !== "leader") {
      if (this.#ticks >= this.#timeoutTicks) this.campaign();
      return;
    }
    if (this.#ticks % this.#options.heartbeatTicks === 0) this.#sendToAll(true);
    if (this.#ticks < this.#options.electionTicks) return;
    this.#ticks = 0;
    // A leader that no majority answers may be cut off: it must not go on looking like one.
    const heard = [...this.#progress.values()].filter((peer) => peer.takeHeard()).length + 1;
    if (heard < this.#quorum()) this.#becomeFollower(this.#term, undefined);
  }

  campaign(): void {
    this.#role = "candidate";
    this.#leader = undefined;
    this.#setTerm(this.#term + 1, this.#options.id);
    this.#votes = new Set([this.#options.id]);
    this.#resetTimer();
    if (this.#votes.size >= this.#quorum()) {
      this.#becomeLeader();
      return;
    }
    for (const peer of this.#options.peers)
      this.#messages.push({ kind: "vote-request", ...this.#envelope(peer), last: this.last });
  }

  /** The entries' places in the log, or undefined when this server does not lead. */
  propose(data: readonly Uint8Array[]): readonly EntryId[] | undefined {
    if (this.#role !== "leader") return undefined;
    return data.map((bytes) => this.#append(bytes));
  }

  step(message: Message): void {
    if (message.term > this.#term) this.#becomeFollower(message.term, undefined);
    switch (message.kind) {
      case "vote-request":
        this.#onVoteRequest(message);
        return;
      case "vote-reply":
        this.#onVoteReply(message);
        return;
      case "append-request":
        this.#onAppendRequest(message);
        return;
      case "append-reply":
        this.#onAppendReply(message);
        return;
      default:
        assertNever(message);
    }
  }

  /** Everything up to this entry is on the disk now. */
  persisted(through: EntryId): void {
    // The entry may have been replaced while it was being written: then this is old news.
    if (this.#log.termAt(through.index) !== through.term) return;
    this.#stable = Math.max(this.#stable, through.index);
    this.#advanceCommit();
  }

  /** Entries up to `through` were removed from the log behind a snapshot. */
  compacted(through: number): void {
    assert(through <= this.#handedOut, "only applied entries are compacted");
    this.#log.compact(through);
  }

  takeReady(): Ready | undefined {
    if (this.#role === "leader") this.#sendToAll(false);
    const through = Math.min(this.#commit, this.#stable);
    const committed =
      through > this.#handedOut ? { from: this.#handedOut + 1, to: through } : undefined;
    const needSnapshot = [...this.#progress].flatMap(([id, peer]) =>
      peer.next - 1 < this.#log.base.index ? [id] : [],
    );
    const ready: Ready = {
      hardState: this.#unsavedState ? { term: this.#term, vote: this.#vote } : undefined,
      truncateFrom: this.#truncateFrom,
      entries: this.#unsaved,
      messages: this.#messages,
      needSnapshot,
      committed,
    };
    this.#unsavedState = false;
    this.#truncateFrom = undefined;
    this.#unsaved = [];
    this.#messages = [];
    this.#handedOut = committed?.to ?? this.#handedOut;
    return isEmpty(ready) ? undefined : ready;
  }

  #onVoteRequest(request: VoteRequest): void {
    const isFree = this.#vote === null || this.#vote === request.from;
    const granted =
      request.term === this.#term &&
      isFree &&
      this.#role === "follower" &&
      this.#isCurrent(request.last);
    if (granted) {
      this.#setTerm(this.#term, request.from);
      this.#resetTimer();
    }
    this.#messages.push({ kind: "vote-reply", ...this.#envelope(request.from), granted });
  }

  #onVoteReply(reply: VoteReply): void {
    if (this.#role !== "candidate" || reply.term !== this.#term || !reply.granted) return;
    this.#votes.add(reply.from);
    if (this.#votes.size >= this.#quorum()) this.#becomeLeader();
  }

  #onAppendRequest(request: AppendRequest): void {
    const { previous } = request;
    if (request.term < this.#term) {
      this.#replyToAppend(request.from, false, this.last.index);
      return;
    }
    assert(this.#role !== "leader", "R1: one leader per term");
    this.#role = "follower";
    this.#leader = request.from;
    this.#resetTimer();
    if (previous.index < this.#log.base.index) {
      // All below the base is committed here, so the leader may go on behind what is known to match.
      this.#replyToAppend(request.from, true, this.#commit);
      return;
    }
    const own = this.#log.termAt(previous.index);
    if (own !== previous.term) {
      const hint = own === undefined ? this.last.index : this.#log.startOfTerm(previous.index) - 1;
      this.#replyToAppend(request.from, false, Math.max(hint, this.#commit));
      return;
    }
    for (const entry of request.entries) this.#accept(entry);
    const matched = previous.index + request.entries.length;
    this.#commit = Math.max(this.#commit, Math.min(request.commit, matched));
    this.#replyToAppend(request.from, true, matched);
  }

  #onAppendReply(reply: AppendReply): void {
    const peer = this.#progress.get(reply.from);
    if (this.#role !== "leader" || reply.term !== this.#term || peer === undefined) return;
    if (reply.accepted) peer.matched(reply.index);
    else peer.refused(reply.index);
    this.#advanceCommit();
  }

  #accept(entry: Entry): void {
    const own = this.#log.termAt(entry.index);
    if (own === entry.term) return;
    if (own !== undefined) {
      assert(entry.index > this.#commit, "R3: a committed entry is never replaced");
      this.#log.truncate(entry.index);
      this.#unsaved = this.#unsaved.filter((unsaved) => unsaved.index < entry.index);
      this.#stable = Math.min(this.#stable, entry.index - 1);
      this.#truncateFrom = Math.min(this.#truncateFrom ?? entry.index, entry.index);
    }
    this.#log.append(entry);
    this.#unsaved.push(entry);
  }

  #append(data: Uint8Array): EntryId {
    const entry = { index: this.#log.lastIndex + 1, term: this.#term, data };
    this.#log.append(entry);
    this.#unsaved.push(entry);
    return { index: entry.index, term: entry.term };
  }

  #becomeFollower(term: number, leader: PeerId | undefined): void {
    if (term > this.#term) this.#setTerm(term, null);
    this.#role = "follower";
    this.#leader = leader;
    this.#progress = new Map();
    this.#resetTimer();
  }

  #becomeLeader(): void {
    this.#role = "leader";
    this.#leader = this.#options.id;
    this.#ticks = 0;
    const next = this.#log.lastIndex + 1;
    this.#progress = new Map(this.#options.peers.map((id) => [id, new PeerProgress(next)]));
    this.#append(new Uint8Array(0));
  }

  #advanceCommit(): void {
    if (this.#role !== "leader") return;
    const matches = [this.#stable, ...[...this.#progress.values()].map((peer) => peer.match)];
    const byMajority = matches.sort((a, b) => b - a)[this.#quorum() - 1] ?? 0;
    if (byMajority > this.#commit && this.#log.termAt(byMajority) === this.#term)
      this.#commit = byMajority;
  }

  #sendToAll(evenEmpty: boolean): void {
    for (const [to, peer] of this.#progress) {
      const before = peer.next - 1;
      const term = this.#log.termAt(before);
      if (term === undefined) continue;
      const range = peer.takeRange(this.#log.lastIndex, this.#options.maxEntriesPerMessage);
      if (range === undefined && !evenEmpty) continue;
      const previous = { index: before, term };
      const order = { kind: "append-order", ...this.#envelope(to), previous } as const;
      this.#messages.push({ ...order, range, commit: this.#commit });
    }
  }

  #replyToAppend(to: PeerId, accepted: boolean, index: number): void {
    this.#messages.push({ kind: "append-reply", ...this.#envelope(to), accepted, index });
  }

  #envelope(to: PeerId): { from: PeerId; to: PeerId; term: number } {
    return { from: this.#options.id, to, term: this.#term };
  }

  /** Section 5.4.1: the candidate's log must hold all that may be committed. */
  #isCurrent(last: EntryId): boolean {
    const own = this.last;
    return last.term > own.term || (last.term === own.term && last.index >= own.index);
  }

  #setTerm(term: number, vote: PeerId | null): void {
    assert(term >= this.#term, "R6: the term never falls");
    assert(
      term > this.#term || this.#vote === null || this.#vote === vote,
      "R1: one vote per term",
    );
    this.#unsavedState ||= term !== this.#term || vote !== this.#vote;
    this.#term = term;
    this.#vote = vote;
  }

  #resetTimer(): void {
    this.#ticks = 0;
    const spread = Math.floor(this.#random.fraction() * this.#options.electionTicks);
    this.#timeoutTicks = this.#options.electionTicks + spread;
  }

  #quorum(): number {
    return Math.floor((this.#options.peers.length + 1) / 2) + 1;
  }
}

const isEmpty = (ready: Ready): boolean =>
  ready.hardState === undefined &&
  ready.truncateFrom === undefined &&
  ready.entries.length === 0 &&
  ready.messages.length === 0 &&
  ready.committed === undefined;
