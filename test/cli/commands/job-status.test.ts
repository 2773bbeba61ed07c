import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";
import { normalize, recordedText } from "../golden-text.ts";

const job = {
  ID: "almanac",
  Name: "almanac",
  Namespace: "default",
  NodePool: "default",
  Type: "batch",
  Priority: 50,
  Datacenters: ["*"],
  Status: "running",
  Stop: false,
  SubmitTime: 1_699_999_000e9,
  Periodic: { Enabled: true, Specs: ["18 * * * *"], TimeZone: "Asia/Tokyo" },
  ParameterizedJob: null,
  TaskGroups: [],
};
const routes: Routes = {
  "GET /v1/jobs": (request) => ({
    body: request.query.get("prefix")?.includes("/")
      ? [{ ID: "almanac/periodic-1700000000", Status: "dead", Stop: false }]
      : [{ ID: "almanac", Namespace: "default" }],
  }),
  "GET /v1/job/almanac": { body: job },
  "GET /v1/job/almanac/summary": {
    body: { Summary: {}, Children: { Pending: 0, Running: 0, Dead: 1 } },
  },
};

test("a periodic job is shown with its next launch and its children", async () => {
  const result = await runAgainst(routes, ["job", "status", "almanac"]);
  // How long until the launch is written as a duration here, as an age in the recording.
  const text = result.out.replace(/\(\S+ from now\)/, "(5m from now)");
  expect(normalize(text)).toBe(normalize(recordedText("job-status-periodic")));
});

test("a schedule that is over is told as such", async () => {
  const over = { ...job, Periodic: { Enabled: true, Spec: "0 0 1 1 * 2020" } };
  const result = await runAgainst({ ...routes, "GET /v1/job/almanac": { body: over } }, [
    "job",
    "status",
    "-short",
    "almanac",
  ]);
  expect(result.out).toContain("Next Periodic Launch = none (the schedule is over)\n");
});

test("a parameterized job shows what it takes", async () => {
  const wanted = { Payload: "optional", MetaRequired: ["glaze"], MetaOptional: [] };
  const result = await runAgainst(
    {
      ...routes,
      "GET /v1/job/almanac": { body: { ...job, Periodic: null, ParameterizedJob: wanted } },
    },
    ["job", "status", "almanac"],
  );
  expect(result.out).toContain(
    "Parameterized Job\nPayload           = optional\nRequired Metadata = glaze\nOptional Metadata = <none>\n",
  );
  expect(result.out).toContain("\nDispatched Jobs\nID ");
});

test("all namespaces at once name each job's own, and the same id twice is a clash", async () => {
  const both = ["a", "b"].map((Namespace) => ({ ...job, Namespace, Periodic: false }));
  const listed = { "GET /v1/jobs": { body: both } };
  const list = await runAgainst(listed, ["job", "status", "-namespace=*"]);
  expect(list.out).toMatch(/^ID {7}Namespace {2}Type/);
  const clash = await runAgainst(listed, ["job", "status", "-namespace=*", "almanac"]);
  expect(clash.code).toBe(1);
  expect(clash.err).toContain('Prefix "almanac" matched multiple jobs\n\nID       Namespace');
});
