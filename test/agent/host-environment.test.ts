import { expect, test } from "vitest";
import { hostEnvironment } from "../../src/agent/host-environment.ts";

const own = { PATH: "/bin", CONSUL_HTTP_TOKEN: "t", AWS_SECRET_ACCESS_KEY: "k", UNSET: undefined };

test("tokens of the agent's own environment reach no task", () => {
  expect(hostEnvironment({}, own)).toEqual({ PATH: "/bin" });
});

test("an operator's list takes the place of the usual one", () => {
  const { CONSUL_HTTP_TOKEN, AWS_SECRET_ACCESS_KEY } = own;
  const rest = { CONSUL_HTTP_TOKEN, AWS_SECRET_ACCESS_KEY };
  expect(hostEnvironment({ "env.denylist": "PATH, HOME" }, own)).toEqual(rest);
  expect(hostEnvironment({ "env.blacklist": "PATH" }, own)).toEqual(rest);
});
