import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { namespaceFaults } from "../../../../src/jobspec/core/model/namespace-rules.ts";
import { admitted } from "../../../support/admitted-job.ts";

const job = admitted({
  ID: "j",
  TaskGroups: [
    {
      Name: "g",
      Networks: [{ DynamicPorts: [{ Label: "p" }] }],
      Tasks: [
        { Name: "a", Driver: "docker" },
        { Name: "b", Driver: "raw_exec" },
      ],
    },
  ],
});

test.each([
  [null],
  [{}],
  [{ EnabledTaskDrivers: [], DisabledTaskDrivers: null }],
  [{ EnabledTaskDrivers: ["docker", "raw_exec"], EnabledNetworkModes: ["host"] }],
  [{ DisabledTaskDrivers: ["java"], DisabledNetworkModes: ["bridge"] }],
])("%j lets it run", (capabilities) => {
  expect(namespaceFaults(job, capabilities)).toEqual([]);
});

test("what a namespace forbids is refused by name", () => {
  expect(textsOf(namespaceFaults(job, { DisabledTaskDrivers: ["raw_exec"] }))).toEqual([
    'used task driver "raw_exec" is not allowed in namespace "default"',
  ]);
  expect(textsOf(namespaceFaults(job, { EnabledTaskDrivers: ["java"] }))).toEqual([
    'used task drivers ["docker" "raw_exec"] are not allowed in namespace "default"',
  ]);
  expect(textsOf(namespaceFaults(job, { DisabledNetworkModes: ["host"] }))).toEqual([
    'used group network mode "host" is not allowed in namespace "default"',
  ]);
});
