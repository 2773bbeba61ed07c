import { expect, test } from "vitest";
import { matchServices } from "../../../../src/jobspec/core/diff/match-services.ts";

const service = (Name: string, PortLabel = ""): { Name: string; PortLabel: string } => ({
  Name,
  PortLabel,
});
const pairs = (
  old: readonly ReturnType<typeof service>[],
  next: readonly ReturnType<typeof service>[],
): string[] =>
  matchServices(old, next).map(
    ([a, b]) => `${JSON.stringify(a?.["Name"])}>${JSON.stringify(b?.["Name"])}`,
  );

test("one old and one new belong together, however different", () => {
  expect(pairs([service("a", "x")], [service("b", "y")])).toEqual(['"a">"b"']);
});

test("the same name finds its service at another place", () => {
  expect(
    pairs([service("a", "1"), service("b", "2")], [service("b", "2"), service("a", "1")]),
  ).toEqual(['"a">"a"', '"b">"b"']);
});

test("port and place together are enough, one of them is not", () => {
  expect(
    pairs([service("a", "1"), service("b", "2")], [service("c", "1"), service("d", "3")]),
  ).toEqual(['"a">"c"', '"b">undefined', 'undefined>"d"']);
});

test("services that are new or gone stand alone", () => {
  expect(pairs([], [service("a")])).toEqual(['undefined>"a"']);
  expect(pairs([service("a")], [])).toEqual(['"a">undefined']);
});

test("a name counts as much as port and place together, and the first of equals wins", () => {
  expect(
    pairs([service("a", "1"), service("z", "9")], [service("b", "1"), service("a", "2")]),
  ).toEqual(['"a">"b"', '"z">undefined', 'undefined>"a"']);
});

test("the port alone is not enough", () => {
  expect(pairs([service("a", "1")], [service("x", "9"), service("c", "1")])).toEqual([
    '"a">undefined',
    'undefined>"x"',
    'undefined>"c"',
  ]);
});
