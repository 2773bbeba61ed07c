import { expect, test } from "vitest";
import { unsupportedFeature } from "../../../../src/reconciler/core/node/unsupported.ts";
import { scriptedGroup, scriptedTask } from "../../../support/scripted-job.ts";

test("a plain task asks for nothing unusual", () => {
  expect(unsupportedFeature(scriptedTask(), scriptedGroup())).toBeUndefined();
});

test("what cannot be done is named instead of left out", () => {
  expect(unsupportedFeature(scriptedTask({ Vault: {} }), scriptedGroup())).toBe(
    "vault blocks are not supported by this node yet",
  );
});

test("an identity that nobody reads is no obstacle, one in a file is", () => {
  const identity = {
    Name: "default",
    Audience: null,
    ChangeMode: "",
    ChangeSignal: "",
    Env: false,
    File: false,
    Filepath: "",
    ServiceName: "",
    TTL: 0,
    ExtraClaims: null,
  };
  expect(unsupportedFeature(scriptedTask({ Identity: identity }), scriptedGroup())).toBeUndefined();
  const inFile = scriptedTask({ Identities: [{ ...identity, File: true }] });
  expect(unsupportedFeature(inFile, scriptedGroup())).toContain("identities");
});
