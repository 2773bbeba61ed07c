import { expect, test } from "vitest";
import {
  dependencyText,
  parseServiceName,
  parseVariablePath,
} from "../../../../src/node/template/core/dependency.ts";
import type { Dependency } from "../../../../src/node/template/core/dependency.ts";

const service = {
  kind: "service",
  name: "redis",
  tag: "",
  namespace: "",
  region: "",
  choose: undefined,
} as const;

test.each<[Dependency, string]>([
  [
    { kind: "variable", path: "nomad/jobs/redis", namespace: "default", region: "global" },
    "nomad.var.block(nomad/jobs/redis@default.global)",
  ],
  [
    { kind: "variables", prefix: "nomad", namespace: "default", region: "global" },
    "nomad.var.list(nomad@default.global)",
  ],
  [service, "nomad.service(redis)"],
  [
    { ...service, tag: "v1", namespace: "prod", region: "eu", choose: { count: 2, key: "k" } },
    "nomad.service(v1.redis?ns=prod@eu:2|k)",
  ],
  [{ kind: "services", namespace: "", region: "" }, "nomad.services"],
  [{ kind: "services", namespace: "", region: "eu" }, "nomad.services(@eu)"],
  [{ kind: "file", path: "local/a" }, "file(local/a)"],
])("%j is told as %s", (dependency, text) => {
  expect(dependencyText(dependency)).toBe(text);
});

test.each([
  ["redis", { name: "redis", tag: "", namespace: "", region: "" }],
  ["v1.redis?ns=prod@eu", { name: "redis", tag: "v1", namespace: "prod", region: "eu" }],
  ["", undefined],
  ["a b", undefined],
  ["redis@", undefined],
])("the service name %j is %j", (text, expected) => {
  expect(parseServiceName(text)).toEqual(expected);
});

const home = { namespace: "default", region: "global" };

test.each([
  ["nomad/jobs/a", { path: "nomad/jobs/a", ...home }],
  ["/a/", { path: "a", ...home }],
  ["a@prod", { path: "a", namespace: "prod", region: "global" }],
  ["a@prod.eu", { path: "a", namespace: "prod", region: "eu" }],
  ["../a", undefined],
  ["a b", undefined],
])("the variable path %j is %j", (text, expected) => {
  expect(parseVariablePath(text, home)).toEqual(expected);
});
