import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import {
  artifactsFaults,
  escapesAllocation,
  identitiesFaults,
  templatesFaults,
} from "../../../../src/jobspec/core/model/validate-template.ts";
import { faultsOfTask } from "../../../support/job-faults.ts";

const template = { EmbeddedTmpl: "x", DestPath: "local/x" };

test("nothing has no faults", () => {
  expect([
    textsOf(templatesFaults(null)),
    textsOf(artifactsFaults(null)),
    textsOf(identitiesFaults(null)),
  ]).toEqual([[], [], []]);
  expect(faultsOfTask({ Templates: [template] })).toBe("");
});

test.each([
  [{ EmbeddedTmpl: "" }, "Must specify a source path or have an embedded template"],
  [{ DestPath: "" }, "Must specify a destination for the template"],
  [{ DestPath: "../../x" }, "template destination escapes"],
  [{ ChangeMode: "reload" }, 'Invalid change mode "reload"'],
  [{ ChangeMode: "signal", Envvars: true }, "cannot use signals with env var templates"],
  [{ ChangeMode: "script" }, "must specify change script configuration value"],
  [{ Perms: "0888" }, 'Failed to parse "0888" as octal'],
  [{ Perms: "10000" }, 'Failed to parse "10000" as octal'],
  [{ Splay: -1 }, "Must specify positive splay value"],
  [{ Wait: { Min: 60e9, Max: 5e9 } }, "wait min 1m0s is greater than max 5s"],
])("the template %j is refused", (change, fault) => {
  expect(faultsOfTask({ Templates: [{ ...template, ...change }] })).toContain(fault);
});

test("two templates may not write one file", () => {
  expect(faultsOfTask({ Templates: [template, template] })).toContain(
    "Template 2 has same destination as 1",
  );
});

test.each([
  [{}, "source must be specified"],
  [{ GetterSource: "a", RelativeDest: "../../.." }, "artifact destination escapes"],
  [{ GetterSource: "a", GetterMode: "tar" }, 'invalid artifact mode "tar"'],
  [{ GetterSource: "a", GetterOptions: { checksum: "sha256:abc" } }, "invalid sha256 checksum"],
  [{ GetterSource: "a", GetterOptions: { checksum: "md5" } }, "checksum must be given as"],
  [{ GetterSource: "a", GetterOptions: { checksum: "crc:1" } }, "unsupported checksum type: crc"],
  [
    { GetterSource: "a", GetterOptions: { checksum: `md5:${"z".repeat(32)}` } },
    "is not hexadecimal",
  ],
])("the artifact %j is refused", (artifact, fault) => {
  expect(faultsOfTask({ Artifacts: [artifact] })).toContain(fault);
});

test.each([`md5:${"a".repeat(32)}`, "file:https://a.example/SUMS", "md5:${meta.sum}"])(
  "the checksum %s is fine",
  (checksum) => {
    const Artifacts = [{ GetterSource: "a", GetterOptions: { checksum } }];
    expect(faultsOfTask({ Artifacts })).toBe("");
  },
);

test.each([
  ["local/../x", false],
  ["../alloc/x", false],
  ["../../x", true],
  ["${NOMAD_TASK_DIR}/../../../x", true],
  ["${NOMAD_TASK_DIR}/a", false],
  ["/abs/./a//b", false],
])("from the folder of a task %s escapes: %s", (path, escapes) => {
  expect(escapesAllocation(path, 1)).toBe(escapes);
  expect(escapesAllocation(`../${path}`, 2)).toBe(escapes);
});

test.each([
  [{ Name: "a b", TTL: 1 }, "must match regex"],
  [{ Name: "default", TTL: 1 }, "only one default identity is allowed"],
  [{ Name: "a", TTL: -1 }, "ttl must be >= 0"],
  [{ Name: "a", ChangeMode: "reload" }, 'invalid change_mode: "reload"'],
  [{ Name: "a", ChangeMode: "signal" }, "change_signal must be specified"],
  [{ Name: "a", ChangeSignal: "SIGHUP" }, 'can only use change_signal="SIGHUP" with change_mode'],
  [{ Name: "a", Audience: [""] }, "an empty string is an invalid audience"],
])("the identity %j is refused", (identity, fault) => {
  expect(faultsOfTask({ Identities: [identity] })).toContain(fault);
});

test.each([
  [{ ChangeMode: "noop" }],
  [{ ChangeMode: "restart" }],
  [{ ChangeMode: "signal", ChangeSignal: "SIGHUP" }],
  [{ ChangeMode: "script", ChangeScript: { Command: "/bin/true" } }],
  [{ EmbeddedTmpl: "", SourcePath: "local/t" }],
  [{ Splay: 0 }],
  [{ Perms: "007777" }],
  [{ Wait: { Min: 5e9, Max: 5e9 } }],
  [{ Wait: { Min: 0, Max: 0 } }],
])("the template %j is just right", (change) => {
  expect(faultsOfTask({ Templates: [{ ...template, ...change }] })).toBe("");
});

test.each([
  [{ ChangeMode: "script", ChangeScript: { Command: "" } }, "must specify change script"],
  [{ Wait: { Min: -1, Max: 1 } }, "wait durations must not be negative"],
  [{ Wait: { Min: -2, Max: -1 } }, "wait durations must not be negative"],
  [{ DestPath: "../.." }, "template destination escapes"],
])("the template %j is just wrong", (change, fault) => {
  expect(faultsOfTask({ Templates: [{ ...template, ...change }] })).toContain(fault);
});

test("faulty templates and artifacts are told by their number", () => {
  const faults = faultsOfTask({
    Templates: [template, { ...template, DestPath: "local/y", Splay: -1 }],
    Artifacts: [{ GetterSource: "a" }, {}],
  });
  expect(faults).toContain("Template 2 validation failed");
  expect(faults).toContain("Artifact 2 validation failed");
});

test.each([["any"], ["file"], ["dir"]])("an artifact is fetched in the mode %s", (GetterMode) => {
  expect(faultsOfTask({ Artifacts: [{ GetterSource: "a", GetterMode }] })).toBe("");
});

test.each([
  ["md5", 32],
  ["sha1", 40],
  ["sha256", 64],
  ["sha512", 128],
])("a checksum of %s has %d digits", (kind, length) => {
  const faults = (digits: number): string =>
    faultsOfTask({
      Artifacts: [
        {
          GetterSource: "a",
          GetterOptions: { checksum: `${kind}:${"aF9".repeat(50).slice(0, digits)}` },
        },
      ],
    });
  expect(faults(length)).toBe("");
  expect(faults(length - 1)).toContain(`invalid ${kind} checksum`);
  expect(faults(length + 1)).toContain(`invalid ${kind} checksum`);
});

test("an empty checksum is refused", () => {
  const Artifacts = [{ GetterSource: "a", GetterOptions: { checksum: " " } }];
  expect(faultsOfTask({ Artifacts })).toContain("checksum value cannot be empty");
});

test.each([
  [{ Name: "a".repeat(128) }],
  [{ ChangeMode: "" }],
  [{ ChangeMode: "noop" }],
  [{ ChangeMode: "restart" }],
  [{ ChangeMode: "signal", ChangeSignal: "SIGHUP" }],
  [{ TTL: 0 }],
  [{ Audience: ["a", "b"] }],
])("the identity %j is just right", (identity) => {
  expect(faultsOfTask({ Identities: [{ Name: "a", ...identity }] })).toBe("");
});

test("the name of an identity may not be longer than 128 letters", () => {
  expect(faultsOfTask({ Identities: [{ Name: "a".repeat(129) }] })).toContain("must match regex");
});

test("a faulty artifact is told by its number", () => {
  expect(faultsOfTask({ Artifacts: [{}] })).toContain("Artifact 1 validation failed");
});
