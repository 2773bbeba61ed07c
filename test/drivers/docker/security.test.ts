import { expect, test } from "vitest";
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
