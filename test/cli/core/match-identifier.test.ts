import { expect, test } from "vitest";
import { matchIdentifier } from "../../../src/cli/core/match-identifier.ts";

test("an exact id wins over longer ones", () => {
  expect(matchIdentifier("web", { jobs: ["web", "web-2"], nodes: null })).toEqual({
    kind: "one",
    context: "jobs",
    id: "web",
  });
});

test("lists several matches by what they are", () => {
  expect(matchIdentifier("g", { jobs: ["garden", "giant"] })).toEqual({
    kind: "many",
    text: 'Multiple matches found for id "g"\n\nJobs:\ngarden, giant',
  });
  expect(matchIdentifier("a", { evals: ["ab"], allocs: ["ac"] })).toMatchObject({
    text: 'Multiple matches found for id "a"\n\nAllocs:\nac\n\nEvals:\nab',
  });
  expect(matchIdentifier("x", {})).toEqual({ kind: "none" });
});
