import { expect, test } from "vitest";
import {
  canonicalResources,
  canonicalTaskParts,
} from "../../../../src/jobspec/core/model/canonical-task.ts";

test("whole cores replace the default share of cpu", () => {
  expect(canonicalResources({})).toEqual({ CPU: 100 });
  expect(canonicalResources({ Cores: 2 })).toEqual({ Cores: 2, CPU: 0 });
  expect(canonicalResources({ Cores: 0 })).toEqual({ Cores: 0, CPU: 0 });
  expect(canonicalResources({ Cores: 2, CPU: 50 })).toEqual({ Cores: 2, CPU: 50 });
});

test("an empty lifecycle is none", () => {
  expect(canonicalTaskParts({ Lifecycle: { Hook: "", Sidecar: false } })["Lifecycle"]).toBeNull();
  expect(canonicalTaskParts({ Lifecycle: { Hook: "prestart" } })["Lifecycle"]).not.toBeNull();
});

test.each([
  [{ GetterSource: "https://a.example/x/y.tgz" }, "local/"],
  [{ GetterSource: "https://a.example/x/y.tgz?checksum=md5:1", GetterMode: "file" }, "local/y.tgz"],
  [{ GetterSource: "https://a.example/x", RelativeDest: "local/z" }, "local/z"],
])("the artifact %j goes to %s", (artifact, target) => {
  expect(canonicalTaskParts({ Artifacts: [artifact] })).toMatchObject({
    Artifacts: [{ RelativeDest: target }],
  });
});

test.each([
  [{ ChangeMode: "signal" }, "SIGHUP"],
  [{ ChangeMode: "restart" }, ""],
  [{ ChangeMode: "signal", ChangeSignal: "sigusr1" }, "SIGUSR1"],
])("the template %j has the signal %s", (template, signal) => {
  expect(canonicalTaskParts({ Templates: [template] })).toMatchObject({
    Templates: [{ ChangeSignal: signal }],
  });
});
