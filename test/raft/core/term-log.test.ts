import { expect, test } from "vitest";
import { TermLog } from "../../../src/raft/core/term-log.ts";

const build = (terms: readonly number[]): TermLog => {
  const log = new TermLog({ index: 0, term: 0 }, [], 0);
  for (const [at, term] of terms.entries()) log.append({ index: at + 1, term });
  return log;
};
const termsOf = (log: TermLog, through = 8): (number | undefined)[] =>
  Array.from({ length: through + 1 }, (_, index) => log.termAt(index));

test("knows the term of each entry and of the one before the first", () => {
  const log = build([1, 1, 3, 3, 3, 7]);
  expect(termsOf(log)).toEqual([0, 1, 1, 3, 3, 3, 7, undefined, undefined]);
  expect(log.last()).toEqual({ index: 6, term: 7 });
  expect(log.startOfTerm(5)).toBe(3);
});

test("a truncated suffix can be replaced by entries of a later term", () => {
  const log = build([1, 1, 3, 3]);
  log.truncate(2);
  log.append({ index: 2, term: 4 });
  expect(termsOf(log, 3)).toEqual([0, 1, 4, undefined]);
});

test("compaction forgets everything but the last removed entry's term", () => {
  const log = build([1, 1, 3, 3, 7]);
  log.compact(3);
  expect(termsOf(log, 6)).toEqual([undefined, undefined, undefined, 3, 3, 7, undefined]);
  log.compact(5);
  expect(log.last()).toEqual({ index: 5, term: 7 });
  log.append({ index: 6, term: 7 });
  expect(log.termAt(6)).toBe(7);
});

test("compacting at the end of a term keeps the next one", () => {
  const log = build([1, 1, 3]);
  log.compact(2);
  expect(termsOf(log, 3)).toEqual([undefined, undefined, 1, 3]);
});

test("gaps, falling terms and taking back what is compacted are bugs", () => {
  const log = build([1, 2]);
  expect(() => log.append({ index: 4, term: 2 })).toThrow("without gaps");
  expect(() => log.append({ index: 3, term: 1 })).toThrow("terms never fall");
  log.compact(1);
  expect(() => log.truncate(1)).toThrow("never taken back");
});
