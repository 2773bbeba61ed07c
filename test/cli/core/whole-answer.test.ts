import { expect, test } from "vitest";
import { wholeAllocation, wholeEvaluation } from "../../../src/cli/core/whole-answer.ts";

test("fills in what the wire left out and keeps what it said", () => {
  expect(wholeAllocation({ ID: "x" })).toMatchObject({ ID: "x", DeploymentID: "", Job: null });
  expect(wholeEvaluation({ Wait: 3 })).toMatchObject({ Wait: 3, BlockedEval: "" });
});
