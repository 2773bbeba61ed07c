import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

test("sends any request, with a body as POST, and prints the answer as it came", async () => {
  const routes = {
    "GET /v1/status/leader": { body: "127.0.0.1:4647" },
    "POST /v1/jobs": (request: { readonly body: unknown }) => ({ body: request.body }),
  };
  expect((await runAgainst(routes, ["operator", "api", "status/leader"])).out).toBe(
    '"127.0.0.1:4647"',
  );
  const posted = await runAgainst(routes, ["operator", "api", "/v1/jobs"], { stdin: '{"a":1}' });
  expect(posted.out).toBe('{"a":1}');
});

test("keeps the query and adds filter and headers", async () => {
  const routes = { "DELETE /v1/x": {} };
  const argv = [
    "operator",
    "api",
    "-X",
    "DELETE",
    "-H",
    "A: b",
    "-filter",
    "x == y",
    "/v1/x?purge=true",
  ];
  const { requests } = await runAgainst(routes, argv);
  expect(requests[0]?.query.toString()).toBe("filter=x+%3D%3D+y&purge=true");
});

test("-dryrun prints a curl command and sends nothing", async () => {
  const result = await runAgainst({}, ["operator", "api", "-dryrun", "-token", "s", "jobs"]);
  expect(result.requests).toEqual([]);
  expect(result.out).toBe(
    "curl \\\n  -X GET \\\n  -H 'X-Nomad-Token: s' \\\n  'http://HOST/v1/jobs'\n",
  );
});

test("a namespace is shown with what may be used in it", async () => {
  const namespace = {
    Name: "team-a",
    Description: "",
    Quota: "",
    Capabilities: { DisabledTaskDrivers: ["raw_exec"] },
    Meta: { floor: "two" },
  };
  const routes = { "GET /v1/namespaces": { body: [namespace] } };
  expect((await runAgainst(routes, ["namespace", "status", "team-a"])).out).toBe(
    `Name                   = team-a
Description            = <none>
Quota                  = <none>
Enabled Drivers        = *
Disabled Drivers       = raw_exec
Enabled Network Modes  = *
Disabled Network Modes = <none>

Metadata
floor = two
`,
  );
});
