import { expect, test } from "vitest";
import { isSecret, wireName } from "../../../src/agent/core/wire-name.ts";

test.each([
  ["job_gc_interval", "JobGCInterval"],
  ["no_host_uuid", "NoHostUUID"],
  ["leave_on_interrupt", "LeaveOnInt"],
  ["region", "Region"],
  ["http_api_response_headers", "HTTPAPIResponseHeaders"],
  ["oidc_issuer", "OIDCIssuer"],
])("%s is %s", (key, name) => {
  expect(wireName(key)).toBe(name);
});

test("what is secret is known by its name", () => {
  const keys = ["acl.replication_token", "server.encrypt", "consul.auth", "client.node_class"];
  expect(keys.map(isSecret)).toEqual([true, true, true, false]);
});
