import { expect, test } from "vitest";
import { decideAllocation } from "../../../../src/reconciler/core/node/decide-allocation.ts";
import { dnsOf } from "../../../../src/reconciler/core/node/group-network.ts";
import { wholeGroup } from "../../../../src/reconciler/core/node/types.ts";
import type {
  Decision,
  DecisionInput,
  NetworkRecord,
  Observation,
} from "../../../../src/reconciler/core/node/types.ts";
import { buildNetwork } from "../../../support/build-job.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";
import { buildDesired, scriptedGroup, scriptedJob } from "../../../support/scripted-job.ts";

const nowNs = 1_700_000_000e9;
const bridge = scriptedJob({
  TaskGroups: [scriptedGroup({ Networks: [buildNetwork({ Mode: "bridge" })] })],
});
const status = { InterfaceName: "eth0", Address: "172.17.0.2", AddressIPv6: "", DNS: null };
const ready: NetworkRecord = { phase: "ready", handle: "net-1", status };
const made = { kind: "network-made", task: wholeGroup, handle: "net-1", status } as const;

function decide(overrides: Partial<DecisionInput> = {}): Decision {
  return decideAllocation({
    ...buildDesired(),
    job: bridge,
    record: recordOf({ main: {} }),
    outcomes: [],
    observed: new Map(),
    busy: new Map(),
    isPredecessorGone: true,
    checks: { kind: "none" },
    nowNs,
    fraction: () => 0,
    ...overrides,
  });
}
const kinds = (decision: Decision): readonly string[] =>
  decision.actions.map((action) => `${action.kind} ${action.task}`);
const stopping = { ...buildDesired().allocation, DesiredStatus: "stop" as const };
const seenNetwork = (seen: Observation) => new Map([[wholeGroup, seen]]);

test("a group with a network of its own gets it before any task starts", () => {
  const first = decide();
  expect(kinds(first)).toEqual(["make-network "]);
  const busy = new Map([[wholeGroup, { doing: "make-network", untilNs: undefined } as const]]);
  expect(kinds(decide({ record: first.record, busy }))).toEqual([]);
  const second = decide({ record: first.record, outcomes: [made] });
  expect(kinds(second)).toEqual(["start main"]);
  expect(second.record.network).toEqual(ready);
});

test("a group in the host's network asks for none", () => {
  expect(kinds(decide({ job: scriptedJob() }))).toEqual(["start main"]);
});

test("the making of a network that an agent's death cut short is asked for again", () => {
  const { record } = decide();
  expect(kinds(decide({ record }))).toEqual(["make-network "]);
});

test("a network waits for the predecessor, since it may hold the same ports", () => {
  expect(kinds(decide({ isPredecessorGone: false }))).toEqual([]);
});

test("a network that cannot be made fails the tasks that wait for it", () => {
  const { record } = decide();
  const failed = decide({
    record,
    outcomes: [{ kind: "network-failed", task: wholeGroup, error: "no image" }],
  });
  expect(failed.clientStatus).toBe("failed");
  expect(failed.record.tasks["main"]?.state.Events.at(-1)).toMatchObject({
    Type: "Setup Failure",
    Details: {
      setup_error: 'failed to setup alloc: pre-run hook "network" failed: no image',
    },
  });
  expect(kinds(failed)).toEqual(["remove-network "]);
});

test("the network goes after the last task, and only then the allocation is over", () => {
  const record = { ...recordOf({ main: runningTask() }), network: ready };
  const stopped = decide({ record, allocation: stopping });
  expect(kinds(stopped)).toEqual(["stop main"]);
  const dead = { ...recordOf({ main: deadTask() }), network: ready };
  const leaving = decide({ record: dead, allocation: stopping });
  expect(kinds(leaving)).toEqual(["remove-network "]);
  expect(leaving.isOver).toBe(false);
  const gone = decide({
    record: leaving.record,
    allocation: stopping,
    outcomes: [{ kind: "network-removed", task: wholeGroup }],
  });
  expect(gone.isOver).toBe(true);
  expect(kinds(gone)).toEqual([]);
});

test("what is made after the last task died goes again", () => {
  const dead = { ...recordOf({ main: deadTask() }), network: { ...ready, phase: "leaving" } };
  const decision = decide({
    record: dead as DecisionInput["record"],
    allocation: stopping,
    outcomes: [made],
  });
  expect(kinds(decision)).toEqual(["remove-network "]);
});

test("tasks of a lost network begin anew in the next one", () => {
  const record = { ...recordOf({ main: runningTask() }), network: ready };
  const lost = decide({ record, observed: seenNetwork({ kind: "gone" }) });
  expect(kinds(lost)).toEqual(["make-network ", "stop main"]);
  expect(lost.record.tasks["main"]?.restartAsked).toEqual({
    reason: "the network of the group was lost",
    countsAsFailure: false,
  });
  const other = decide({
    record,
    observed: seenNetwork({ kind: "network", handle: "net-2", status }),
  });
  expect(kinds(other)).toEqual(["make-network ", "stop main"]);
});

test("not knowing about a network changes nothing", () => {
  const record = { ...recordOf({ main: runningTask() }), network: ready };
  for (const seen of [
    { kind: "unknown", reason: "no answer" } as const,
    { kind: "network", handle: "net-1", status } as const,
  ]) {
    const decision = decide({ record, observed: seenNetwork(seen) });
    expect(kinds(decision)).toEqual([]);
    expect(decision.record.network).toEqual(ready);
  }
});

test("name servers come from the group's network block", () => {
  const DNS = { Servers: ["10.0.0.53"], Searches: null, Options: ["ndots:1"] };
  const group = scriptedGroup({ Networks: [buildNetwork({ Mode: "bridge", DNS })] });
  expect(dnsOf(group)).toEqual({ servers: ["10.0.0.53"], searches: [], options: ["ndots:1"] });
  expect(dnsOf(scriptedGroup({}))).toBeUndefined();
});
