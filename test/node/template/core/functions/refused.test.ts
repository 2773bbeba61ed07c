import { expect, test } from "vitest";
import { refusalOf } from "../../../../../src/node/template/core/functions/refused.ts";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ["key", "Consul"],
  ["ls", "Consul"],
  ["service", "Consul"],
  ["secret", "Vault"],
  ["executeTemplate", "denied"],
  ["plugin", "denied"],
  ["writeToFile", "denied"],
  ["sockaddr", "machine"],
  ["sprig_env", "machine"],
  ["sprig_expandenv", "machine"],
  ["sprig_getHostByName", "machine"],
  ["toTOML", "not among"],
])("%s is refused when the template is read, with the reason", (name, reason) => {
  expect(rendered(`{{ if false }}{{ ${name} "x" }}{{ end }}`)).toMatch(
    new RegExp(`^!:1:18: not supported: ${name} .*${reason}`),
  );
});

test("other names are not refused here", () => {
  expect(refusalOf("env")).toBeUndefined();
});
