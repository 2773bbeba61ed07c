import { beforeEach, expect, test } from "vitest";
import { jobId } from "../../../src/model/ids.ts";
import type { ScalingEvent } from "../../../src/model/scaling.ts";
import { buildRegistration } from "../../support/build-commands.ts";
import { buildEvaluation } from "../../support/build-evaluation.ts";
import { buildGroup, buildJob } from "../../support/build-job.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";

let state: TestState;
const key = { namespace: "default", id: jobId("shop") };
const group = buildGroup().Name;
beforeEach(() => {
  state = createTestState();
  state.apply(
    "job.register",
    buildRegistration(buildJob({ TaskGroups: [buildGroup({ Count: 2 })] }), null),
  );
});
const event = (Message: string, Count: number | null): ScalingEvent => ({
  Time: 7e9,
  Count,
  PreviousCount: 0,
  Message,
  Error: Count === null,
  Meta: null,
  EvalID: null,
  CreateIndex: 0,
});
const scale = (what: ScalingEvent, enforceIndex: number | null = null, name = group) =>
  state.apply("job.scale", {
    key,
    group: name,
    event: what,
    evaluation: what.Count === null ? null : buildEvaluation(1, buildJob()),
    enforceIndex,
  });

test("a count makes a new version, its evaluation and an event with the count before", () => {
  expect(scale(event("more", 3))).toEqual({ jobModifyIndex: 3 });
  const job = state.read.job(key);
  expect(job).toMatchObject({ Version: 1, SubmitTime: 7e9, TaskGroups: [{ Count: 3 }] });
  expect(state.read.evaluationsByJob(key)).toMatchObject([{ JobModifyIndex: 3 }]);
  expect(state.read.scalingEvents(key)).toEqual({
    Namespace: "default",
    JobID: "shop",
    ScalingEvents: { [group]: [{ ...event("more", 3), PreviousCount: 2, CreateIndex: 3 }] },
    ModifyIndex: 3,
  });
});

test("an event without a count changes no job", () => {
  expect(scale(event("no water", null))).toEqual({ jobModifyIndex: 2 });
  expect(state.read.job(key)?.Version).toBe(0);
  expect(state.read.scalingEvents(key)?.ScalingEvents[group]).toHaveLength(1);
});

test("the newest twenty events are kept, and none of a purged job", () => {
  for (let at = 1; at <= 22; at++) scale(event(`message ${at}`, null));
  const kept = state.read.scalingEvents(key)?.ScalingEvents[group]?.map((one) => one.Message);
  expect([kept?.length, kept?.[0], kept?.at(-1)]).toEqual([20, "message 22", "message 3"]);
  state.apply("job.deregister", {
    key,
    purge: true,
    submitTime: 1,
    evaluation: null,
    noShutdownDelay: false,
  });
  expect(state.read.scalingEvents(key)).toBeUndefined();
});

test("a group that is not there and a stale index are refused", () => {
  expect(scale(event("", 3), null, "nope")).toEqual({ refused: "not-found", detail: "nope" });
  expect(scale(event("", 3), 99)).toEqual({ refused: "check-index", jobModifyIndex: 2 });
  expect(state.read.scalingEvents(key)).toBeUndefined();
});
