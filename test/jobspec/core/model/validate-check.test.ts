import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { checkFaults, requiresPort } from "../../../../src/jobspec/core/model/validate-check.ts";
import { admitted } from "../../../support/admitted-job.ts";

const body = { Type: "tcp", Interval: 10e9, Timeout: 2e9 };
const [service] =
  admitted({
    ID: "j",
    TaskGroups: [
      {
        Name: "g",
        Services: [{ Name: "s", PortLabel: "p", Checks: [body] }],
        Tasks: [{ Name: "t", Driver: "exec" }],
      },
    ],
  }).TaskGroups[0]?.Services ?? [];
const [check] = service?.Checks ?? [];
if (!service || !check) throw new Error("the service has a check");

test("a sound check has no faults", () => {
  expect(checkFaults(check, service)).toEqual([]);
});

test("a check of an unknown type says that alone", () => {
  expect(
    textsOf(checkFaults({ ...check, Type: "ping", Interval: 0, Timeout: 0 }, service)),
  ).toEqual(['invalid check type ("ping"), must be one of grpc, http, script, tcp']);
});

test("all that is wrong is told", () => {
  expect(
    checkFaults({ ...check, Interval: 0, Timeout: 0, AddressMode: "x" }, service),
  ).toHaveLength(3);
});

test("a script looks at no port", () => {
  expect(requiresPort(check)).toBe(true);
  expect(requiresPort({ ...check, Type: "script" })).toBe(false);
});
