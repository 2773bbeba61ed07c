import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { unsupportedFaults } from "../../../../src/jobspec/core/model/unsupported.ts";
import { admittedJob } from "../../../support/admitted-job.ts";
import { faultsOfGroup, faultsOfJob, faultsOfTask } from "../../../support/job-faults.ts";

test("a plain job uses nothing unsupported", () => {
  expect(textsOf(unsupportedFaults(admittedJob()))).toEqual([]);
});

test("what this cluster cannot do is refused by name", () => {
  expect(faultsOfTask({ Vault: {} })).toBe('Vault "default" not enabled but used in the job');
  expect(faultsOfTask({ Schedule: {} })).toBe("task schedules require Nomad Enterprise");
  expect(faultsOfTask({ Resources: { Cores: 1, NUMA: { Affinity: "require" } } })).toBe(
    "numa scheduling requires Nomad Enterprise",
  );
  expect(faultsOfTask({ CSIPluginConfig: { ID: "p" } })).toBe(
    'Task "t" is a CSI plugin, which is not available',
  );
  expect(faultsOfJob({ Multiregion: {} })).toBe("Multiregion jobs are unlicensed.");
  expect(faultsOfGroup({ Volumes: { v: { Type: "csi", Source: "x" } } })).toBe(
    'Volume "v" of group "g" is a CSI volume, which is not available',
  );
  expect(faultsOfGroup({ Services: [{ Name: "s", Connect: { Native: true } }] })).toBe(
    'Service "s" uses connect, which needs Consul and is not available',
  );
});

test("there is one Consul only", () => {
  const text = "non-default Consul cluster requires Nomad Enterprise";
  expect(faultsOfGroup({ Services: [{ Name: "s", Cluster: "west" }] })).toBe(text);
  expect(faultsOfGroup({ Consul: { Cluster: "west" } })).toBe(text);
  expect(faultsOfTask({ Consul: { Cluster: "west" } })).toBe(text);
  expect(faultsOfTask({ Consul: { Cluster: "default" } })).toBe("");
  expect(faultsOfGroup({ Services: [{ Name: "s", Cluster: "west", Provider: "nomad" }] })).toBe("");
});

test("a numa block that asks for nothing is fine", () => {
  expect(faultsOfTask({ Resources: { Cores: 1, NUMA: {} } })).toBe("");
});
