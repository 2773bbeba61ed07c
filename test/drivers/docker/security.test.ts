import { expect, test } from "vitest";
import { defaultDockerConfig } from "../../../src/drivers/docker/options.ts";
import { policyFaults } from "../../../src/drivers/docker/policy.ts";
import { securityOptions } from "../../../src/drivers/docker/security.ts";

test.each([
  [{}, ["no-new-privileges"]],
  [{ security_opt: ["apparmor=own"] }, ["no-new-privileges", "apparmor=own"]],
  [{ security_opt: ["label:type:x"] }, ["no-new-privileges", "label=type:x"]],
  [{ security_opt: ["no-new-privileges"] }, ["no-new-privileges"]],
  [{ security_opt: ["no-new-privileges:false"] }, ["no-new-privileges=false"]],
  [{ security_opt: ["no-new-privileges=true"] }, ["no-new-privileges=true"]],
  [{ privileged: true }, []],
])("%j gives %j", async (values, expected) => {
  expect(await securityOptions(values)).toEqual(expected);
});

test.each(["pid_mode", "ipc_mode", "userns_mode", "uts_mode"])(
  "CVE-2026-14891: %s of the host or of another container needs the operator's word",
  (name) => {
    for (const mode of ["host", "container:other", "private", "Host"]) {
      const faults = policyFaults({ image: "a", [name]: mode }, defaultDockerConfig);
      expect(faults, mode).toMatchObject([{ severity: "error" }]);
    }
  },
);
