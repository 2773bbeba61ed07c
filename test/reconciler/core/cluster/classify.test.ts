import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { evaluationId, nodeId } from "../../../../src/model/ids.ts";
import type { Job, ReschedulePolicy } from "../../../../src/model/job.ts";
import {
  classify,
  isOlder,
  isSameVersion,
} from "../../../../src/reconciler/core/cluster/classify.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const nowNs = 1_700_000_000_000_000_000;
const policy: ReschedulePolicy = {
  Attempts: 0,
  Interval: 0,
  Delay: 30e9,
  DelayFunction: "constant",
  MaxDelay: 60e9,
  Unlimited: true,
};
const context = { deployment: undefined, isPaused: false, isFailed: false };

function meaning(over: Partial<Allocation>, job: Job = buildJob(), down = false): string {
  const group = buildGroup({ ReschedulePolicy: policy });
  const nodes = [buildNode("node-1", { Status: down ? "down" : "ready" })];
  const allocation = buildAllocation({ ModifyTime: nowNs, ...over });
  return classify(jobState(job, [], { nodes, nowNs }), context, group, allocation).meaning;
}

test("running and starting ones are kept, finished and stopped ones are past", () => {
  expect(meaning({})).toBe("kept");
  expect(meaning({ ClientStatus: "pending" })).toBe("kept");
  expect(meaning({ ClientStatus: "complete" })).toBe("past");
  expect(meaning({ DesiredStatus: "stop" })).toBe("past");
});

test("a node that is down or gone loses what it had, once", () => {
  expect(meaning({}, buildJob(), true)).toBe("lost");
  expect(meaning({ NodeID: nodeId("unknown") })).toBe("lost");
  expect(meaning({ DesiredStatus: "stop" }, buildJob(), true)).toBe("stop-unconfirmed");
  expect(meaning({ ClientStatus: "lost", DesiredStatus: "stop" }, buildJob(), true)).toBe("past");
});

test("a drained one migrates when the drain says so", () => {
  const transition = { ...buildAllocation().DesiredTransition, Migrate: true };
  expect(meaning({ DesiredTransition: transition })).toBe("migrating");
});

test("a failed one is rescheduled when it is due, later otherwise, and never twice", () => {
  const failed = { ClientStatus: "failed" } as const;
  expect(meaning(failed)).toBe("reschedule-later");
  expect(meaning({ ...failed, FollowupEvalID: evaluationId("other") })).toBe("kept");
  expect(meaning({ ...failed, FollowupEvalID: evaluationId("e-now") })).toBe("reschedule-now");
  expect(meaning({ ...failed, ModifyTime: nowNs - 40e9 })).toBe("reschedule-now");
  expect(meaning({ ...failed, NextAllocation: buildAllocation().ID })).toBe("past");
});

test("batch work that ended well is never repeated, interrupted work is", () => {
  const batch = buildJob({ Type: "batch" });
  expect(meaning({ ClientStatus: "complete" }, batch)).toBe("kept");
  expect(meaning({ ClientStatus: "complete" }, { ...batch, Version: 1 })).toBe("settled");
  const killed = {
    ClientStatus: "complete",
    DesiredStatus: "stop",
    TaskStates: {
      main: {
        State: "dead",
        Failed: false,
        Restarts: 0,
        LastRestart: null,
        StartedAt: null,
        FinishedAt: null,
        Events: [{ Type: "Killed", Time: 1, Message: "", Details: {} }],
      },
    },
  } as const;
  expect(meaning(killed, batch)).toBe("past");
});

test("versions compare within one life of the job", () => {
  const job = buildJob({ Version: 2, CreateIndex: 5 });
  expect(isOlder(buildAllocation({ JobVersion: 9, JobCreateIndex: 4 }), job)).toBe(true);
  expect(isOlder(buildAllocation({ JobVersion: 1, JobCreateIndex: 5 }), job)).toBe(true);
  expect(isSameVersion(buildAllocation({ JobVersion: 2, JobCreateIndex: 5 }), job)).toBe(true);
  expect(isSameVersion(buildAllocation({ JobVersion: 2, JobCreateIndex: 4 }), job)).toBe(false);
});
