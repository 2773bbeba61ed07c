import { expect, test } from "vitest";
import {
  plainDeployment,
  wholeAllocation,
  wholeEvaluation,
} from "../../../src/cli/core/whole-answer.ts";

test("fills in what the wire left out and keeps what it said", () => {
  const answer = { ID: "x", TaskStates: { web: { Events: [{ Type: "Started" }] } } };
  expect(wholeAllocation(answer)).toMatchObject({
    ID: "x",
    DeploymentID: "",
    Job: null,
    TaskStates: { web: { Events: [{ DiskSize: 0, Type: "Started" }] } },
  });
  expect(wholeEvaluation({ Wait: 3 })).toMatchObject({ Wait: 3, BlockedEval: "" });
});

test("shows of a deployment's groups what people know them by", () => {
  const deployment = {
    ID: "x",
    EvalPriority: 50,
    TaskGroups: { web: { AutoPromote: true, DesiredTotal: 2 } },
  };
  expect(plainDeployment(deployment)).toEqual({
    ID: "x",
    TaskGroups: { web: { DesiredTotal: 2 } },
  });
});
