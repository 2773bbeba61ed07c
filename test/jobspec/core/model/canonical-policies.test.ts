import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/lib/json.ts";
import {
  canonicalGroupPolicies,
  canonicalTaskRestart,
} from "../../../../src/jobspec/core/model/canonical-policies.ts";

test("count comes from the scaling minimum, and the minimum from the count", () => {
  const job = { Type: "service" };
  expect(canonicalGroupPolicies({ Scaling: { Min: 4 } }, job).Count).toBe(4);
  expect(canonicalGroupPolicies({ Count: 2, Scaling: {} }, job).Scaling).toEqual({ Min: 2 });
  expect(canonicalGroupPolicies({}, job).Count).toBe(1);
});

test("a group's update overlays the job's field by field", () => {
  const job = { Type: "service", Update: { MaxParallel: 3, Canary: 2 } };
  expect(canonicalGroupPolicies({ Update: { Canary: 1 } }, job).Update).toMatchObject({
    MaxParallel: 3,
    Canary: 1,
    HealthCheck: "checks",
  });
});

test("only service groups migrate unasked", () => {
  expect(canonicalGroupPolicies({}, { Type: "service" }).Migrate).toMatchObject({ MaxParallel: 1 });
  expect(canonicalGroupPolicies({}, { Type: "batch" }).Migrate).toBeNull();
  expect(
    canonicalGroupPolicies({ Migrate: { MaxParallel: 2 } }, { Type: "batch" }).Migrate,
  ).toMatchObject({ MaxParallel: 2, HealthCheck: "checks" });
});

test("reschedule defaults hang on the type; where there are none the gaps are zero", () => {
  const policy = (job: object, group = {}): unknown =>
    canonicalGroupPolicies(group, { ...job }).ReschedulePolicy;
  expect(policy({ Type: "service" })).toMatchObject({ Unlimited: true, Delay: 30e9 });
  expect(policy({ Type: "batch" })).toMatchObject({ Attempts: 1, DelayFunction: "constant" });
  expect(policy({ Type: "system" })).toBeNull();
  expect(policy({ Type: "system" }, { ReschedulePolicy: { Delay: 7 } })).toEqual({
    Attempts: 0,
    Interval: 0,
    Delay: 7,
    DelayFunction: "",
    MaxDelay: 0,
    Unlimited: false,
  });
  expect(
    policy(
      { Type: "service", Reschedule: { Delay: 1, MaxDelay: 2 } },
      { ReschedulePolicy: { Delay: 3 } },
    ),
  ).toMatchObject({ Delay: 3, MaxDelay: 2 });
});

test("a task's restart overlays its group's", () => {
  const group = canonicalGroupPolicies({ RestartPolicy: { Mode: "delay" } }, { Type: "sysbatch" });
  expect(canonicalTaskRestart(group.RestartPolicy, { Attempts: 9 })).toEqual({
    Attempts: 9,
    Interval: 24 * 3600e9,
    Delay: 15e9,
    Mode: "delay",
    RenderTemplates: false,
  });
});

test("an update block of zeros that a batch job was stored with counts as none", () => {
  const zeros = { Stagger: 0, HealthCheck: "", AutoRevert: false, Canary: null };
  const update = (Type: string, Update: JsonObject): unknown =>
    canonicalGroupPolicies({}, { Type, Update }).Update;
  expect(update("batch", zeros)).toBeNull();
  expect(update("batch", { ...zeros, MaxParallel: 2 })).toMatchObject({ MaxParallel: 2 });
  expect(update("batch", { ...zeros, HealthCheck: "checks" })).toMatchObject({ Canary: 0 });
  expect(update("batch", { ...zeros, AutoRevert: true })).toMatchObject({ AutoRevert: true });
  expect(update("service", zeros)).toMatchObject({ HealthCheck: "" });
});

test("policies of a job go down to its groups", () => {
  const job = { Type: "service", Migrate: { MaxParallel: 3 } };
  expect(
    canonicalGroupPolicies({ Migrate: { HealthCheck: "task_states" } }, job).Migrate,
  ).toMatchObject({ MaxParallel: 3, HealthCheck: "task_states" });
  expect(canonicalGroupPolicies({}, { Type: "sysbatch" }).ReschedulePolicy).toBeNull();
  expect(canonicalGroupPolicies({}, { Type: "daemon" }).ReschedulePolicy).toMatchObject({
    Delay: 0,
    Unlimited: false,
  });
  expect(canonicalGroupPolicies({}, { Type: "system" }).RestartPolicy).toMatchObject({
    Attempts: 2,
    Interval: 1800e9,
  });
  expect(canonicalGroupPolicies({}, { Type: "batch" }).RestartPolicy).toMatchObject({
    Attempts: 3,
    Interval: 86_400e9,
  });
});
