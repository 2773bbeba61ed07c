import { expect, test } from "vitest";
import { PeerProgress } from "../../../src/raft/core/peer-progress.ts";

test("sends each entry once, in bounded pieces", () => {
  const peer = new PeerProgress(3);
  expect(peer.takeRange(7, 3)).toEqual({ from: 3, to: 5 });
  expect(peer.takeRange(7, 3)).toEqual({ from: 6, to: 7 });
  expect(peer.takeRange(7, 3)).toBeUndefined();
});

test("a refusal goes back, but never behind what matched and never forward", () => {
  const peer = new PeerProgress(9);
  peer.matched(4);
  peer.refused(2);
  expect(peer.next).toBe(5);
  peer.refused(8);
  expect(peer.next).toBe(5);
});

test("late confirmations do not lower the match", () => {
  const peer = new PeerProgress(1);
  peer.matched(6);
  peer.matched(2);
  expect([peer.match, peer.next]).toEqual([6, 7]);
});

test("remembers that it was heard until asked", () => {
  const peer = new PeerProgress(1);
  expect([peer.takeHeard(), peer.takeHeard()]).toEqual([true, false]);
  peer.refused(0);
  expect(peer.takeHeard()).toBe(true);
});
