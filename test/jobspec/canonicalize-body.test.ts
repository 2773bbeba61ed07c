import { expect, test } from "vitest";
import { canonicalizeJobBody } from "../../src/jobspec/canonicalize-body.ts";

test("an empty body gets every default of a service job", () => {
  expect(canonicalizeJobBody({})).toMatchObject({
    Type: "service",
    Priority: 50,
    Namespace: "default",
    Region: "global",
    NodePool: "",
    Datacenters: null,
    Update: { MaxParallel: 1, Stagger: 30e9 },
  });
});
