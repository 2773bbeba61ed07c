import { expect, test } from "vitest";
import { withPolicyIndexes } from "../../../src/api/encode/version-policies.ts";
import type { Job } from "../../../src/model/job.ts";
import { buildJob, group } from "../support/build.ts";

const version = (Version: number, Max: number | null): Job =>
  buildJob("web", {
    Version,
    CreateIndex: 10,
    JobModifyIndex: 10 + Version,
    TaskGroups: [
      {
        ...group,
        Scaling:
          Max === null
            ? null
            : {
                ID: "p",
                Type: "horizontal",
                Target: null,
                Policy: null,
                Min: 1,
                Max,
                Enabled: true,
                CreateIndex: 0,
                ModifyIndex: 0,
              },
      },
    ],
  });
const indexes = (versions: readonly Job[]) =>
  withPolicyIndexes(versions).map((job) => job.TaskGroups[0]?.Scaling?.ModifyIndex);

test("a policy has indexes in the versions that brought or changed it", () => {
  expect(indexes([version(3, 5), version(2, 4), version(1, 4), version(0, 4)])).toEqual([
    13, 0, 0, 10,
  ]);
  expect(indexes([version(1, 4), version(0, null)])).toEqual([11, undefined]);
});

test("of the oldest version that is left nobody knows", () => {
  expect(indexes([version(8, 4), version(7, 4)])).toEqual([0, 0]);
});
