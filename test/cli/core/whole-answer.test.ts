import { expect, test } from "vitest";
import {
  plainDeployment,
  wholeAllocation,
  wholeEvaluation,
} from "../../../src/cli/core/whole-answer.ts";

test("fills in what the wire left out and keeps what it said", () => {
  expect(wholeAllocation({ ID: "x" })).toMatchObject({ ID: "x", DeploymentID: "", Job: null });
  expect(wholeEvaluation({ Wait: 3 })).toMatchObject({ Wait: 3, BlockedEval: "" });
});

test("shows of a deployment's groups what people know them by", () => {
  const deployment = { ID: "x", TaskGroups: { web: { AutoPromote: true, DesiredTotal: 2 } } };
  expect(plainDeployment(deployment)).toEqual({
    ID: "x",
    TaskGroups: { web: { DesiredTotal: 2 } },
  });
});
