import { describe, expect, test } from "vitest";
import { createRouter } from "../../../src/api/http/router.ts";

const router = createRouter(
  [
    "/v1/jobs",
    "/v1/job/*id",
    "/v1/job/*id/allocations",
    "/v1/job/*id/versions/:name/tag",
    "/v1/job/*id/versions",
    "/v1/job/*id/dispatch",
    "/v1/job/*id/dispatch/payload",
    "/v1/node/*id",
    "/v1/node/pool/*name",
    "/v1/node/pool/*name/nodes",
    "/v1/node/pools",
    "/v1/service/:name/:id",
    "/v1/acl/*rest",
  ].map((path) => ({ path })),
);
const find = (path: string): string => {
  const match = router.find(path);
  return match ? `${match.entries[0]?.path} ${JSON.stringify(match.params)}` : "none";
};

describe("the router", () => {
  test.each([
    ["/v1/jobs", "/v1/jobs {}"],
    ["/v1/job/web", '/v1/job/*id {"id":"web"}'],
    ["/v1/job/", '/v1/job/*id {"id":""}'],
    ["/v1/job/a/b/allocations", '/v1/job/*id/allocations {"id":"a/b"}'],
    ["/v1/job/allocations", '/v1/job/*id {"id":"allocations"}'],
    ["/v1/job/a/versions/x/tag", '/v1/job/*id/versions/:name/tag {"id":"a","name":"x"}'],
    ["/v1/job/a/versions/x/y/tag", '/v1/job/*id {"id":"a/versions/x/y/tag"}'],
    ["/v1/job/a/versions", '/v1/job/*id/versions {"id":"a"}'],
    ["/v1/job/a/dispatch/payload", '/v1/job/*id/dispatch/payload {"id":"a"}'],
    ["/v1/job/a/dispatch-1-2", '/v1/job/*id {"id":"a/dispatch-1-2"}'],
    ["/v1/node/pool/edge", '/v1/node/pool/*name {"name":"edge"}'],
    ["/v1/node/pool/edge/nodes", '/v1/node/pool/*name/nodes {"name":"edge"}'],
    ["/v1/node/pools", "/v1/node/pools {}"],
    ["/v1/node/abc", '/v1/node/*id {"id":"abc"}'],
    ["/v1/service/a/b", '/v1/service/:name/:id {"name":"a","id":"b"}'],
    ["/v1/service/a", "none"],
    ["/v1/acl/token/self", '/v1/acl/*rest {"rest":"token/self"}'],
    ["/v1/jobsx", "none"],
    ["/v1", "none"],
    ["", "none"],
  ])("takes %s", (path, match) => {
    expect(find(path)).toBe(match);
  });
});
