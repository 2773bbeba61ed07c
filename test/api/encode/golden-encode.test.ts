import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeAllocation, encodeAllocationStub } from "../../../src/api/encode/allocation.ts";
import { encodeEvaluation } from "../../../src/api/encode/evaluation.ts";
import { encodeJob, encodeJobStub } from "../../../src/api/encode/job.ts";
import { encodeNode, encodeNodeStub } from "../../../src/api/encode/node.ts";

/**
 * Recorded answers, taken back to what is stored and encoded again, must be what they were. Placeholders stand where
 * values were; the encoders carry them through, which is the point.
 */
type Loose = Record<string, never>;

const folder = "test/golden/data/api";
/** A delay of one second where the recording has a placeholder: it is the one value that is computed from. */
const bodyOf = (name: string): unknown =>
  (
    JSON.parse(
      readFileSync(`${folder}/${name}.json`, "utf8")
        .replaceAll('"start_delay": "@number"', '"start_delay": "1000000000"')
        .replaceAll('"StartDelay": "@int"', '"StartDelay": 1000000000')
        .replaceAll("restarting in @number", "restarting in 1s"),
    ) as { body: unknown }
  ).body;
const named = (start: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith(start))
    .map((file) => file.replace(".json", ""));

/** The recordings leave null out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([name, field]) => [name, withoutNull(field)]),
  );
}

/** Only what is stored of task events, so that the rest has to be made again. */
function storedStates(states: Loose | undefined): Loose | null {
  if (!states) return null;
  type Recorded = Record<string, unknown> & { readonly Events: readonly Loose[] };
  return Object.fromEntries(
    Object.entries(states).map(([task, state]: [string, Recorded]) => {
      const { Paused: _, ...rest } = state;
      const events = rest.Events.map(({ Type, Time, Message, Details }) => ({
        Type,
        Time,
        Message,
        Details,
      }));
      return [task, { ...rest, Events: events }];
    }),
  ) as Loose;
}

const jobs = named("job-read-").filter((name) =>
  Array.isArray((bodyOf(name) as Loose)["TaskGroups"]),
);
const stubLists = [
  "allocations-list",
  "allocations-list-resources",
  "evaluation-allocations",
  "job-allocations",
];

describe("recorded answers are encoded again as they were", () => {
  test.each(jobs)("%s", (name) => {
    const body = bodyOf(name) as Loose;
    expect(withoutNull(encodeJob(body as never))).toEqual(withoutNull(body));
  });

  test("jobs-list", () => {
    for (const stub of bodyOf("jobs-list") as Loose[]) {
      const job = {
        ...stub,
        Periodic: stub["Periodic"] ? {} : null,
        ParameterizedJob: stub["ParameterizedJob"] ? {} : null,
      };
      const made = encodeJobStub(job as never, stub["JobSummary"], { meta: false });
      expect(withoutNull(made)).toEqual(stub);
    }
  });

  test("allocation-read", () => {
    const body = bodyOf("allocation-read") as Loose;
    const {
      Job,
      Resources: _r,
      SharedResources: _s,
      TaskResources: _t,
      SigningKeyID: _k,
      ...rest
    } = body;
    const stored = {
      ...rest,
      JobVersion: Job?.["Version"],
      JobCreateIndex: Job?.["CreateIndex"],
      DesiredDescription: "",
      DesiredTransition: { Migrate: null, Reschedule: null },
      FollowupEvalID: null,
      TaskStates: storedStates(body["TaskStates"]),
    };
    const { SigningKeyID: _signing, ...expected } = body;
    expect(withoutNull(encodeAllocation(stored as never, Job))).toEqual(withoutNull(expected));
  });

  test.each(stubLists)("%s", (name) => {
    const stubs = bodyOf(name) as Loose[];
    expect(stubs.length).toBeGreaterThan(0);
    for (const stub of stubs) {
      const stored = {
        ...stub,
        TaskStates: storedStates(stub["TaskStates"]),
        FollowupEvalID: stub["FollowupEvalID"] || null,
        NextAllocation: stub["NextAllocation"] || null,
      };
      const made = encodeAllocationStub(stored as never, { Type: stub["JobType"] } as never, {
        resources: "AllocatedResources" in stub,
        taskStates: true,
      });
      expect(withoutNull(made)).toEqual(stub);
    }
  });

  test("evaluation-read and evaluations-list-blocked", () => {
    for (const body of [
      bodyOf("evaluation-read"),
      ...(bodyOf("evaluations-list-blocked") as Loose[]),
    ])
      expect(
        withoutNull(
          encodeEvaluation({
            ...(body as Loose),
            NodeID: null,
            Wait: 0,
            EscapedComputedClass: false,
          } as never),
        ),
      ).toEqual(body);
  });

  test("node-read and nodes-list-resources", () => {
    const { IdentitySigningKeyID: _, Drain: _drain, ...node } = bodyOf("node-read") as Loose;
    const made = withoutNull(
      encodeNode({ ...node, SecretID: "hidden", DrainStrategy: null } as never),
    );
    expect(made).toEqual({ ...node, Drain: false });
    for (const stub of bodyOf("nodes-list-resources") as Loose[]) {
      const stored = {
        ...stub,
        HTTPAddr: "@ip:4646",
        DrainStrategy: null,
        Attributes: { "nomad.version": "@version", "os.name": "@string", "cpu.arch": "x" },
      };
      const line = encodeNodeStub(stored as never, { resources: true, os: true });
      expect(withoutNull(line)).toEqual(stub);
    }
  });
});
