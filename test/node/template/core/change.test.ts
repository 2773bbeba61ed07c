import { expect, test } from "vitest";
import { planChange, scriptText } from "../../../../src/node/template/core/change.ts";

const base = { ChangeSignal: "", ChangeScript: null, Splay: 0 };
const signal = (name: string, Splay = 0) => ({
  ...base,
  ChangeMode: "signal",
  ChangeSignal: name,
  Splay,
});

test("a restart makes signals needless, and the largest splay counts", () => {
  const restart = { ...base, ChangeMode: "restart", Splay: 5 };
  expect(planChange([signal("SIGHUP", 9), restart])).toEqual({
    changes: [{ kind: "restart", reason: "Template with change_mode restart re-rendered" }],
    splayNs: 9,
  });
});

test("each signal is sent once, and every script is run", () => {
  const script = {
    ...base,
    ChangeMode: "script",
    ChangeScript: { Command: "/bin/x", Args: ["a"], Timeout: 7, FailOnError: true },
  };
  expect(
    planChange([signal("SIGHUP"), script, signal("SIGUSR1"), signal("SIGHUP"), script]).changes,
  ).toEqual([
    { kind: "signal", signal: "SIGHUP", reason: "Template re-rendered" },
    { kind: "signal", signal: "SIGUSR1", reason: "Template re-rendered" },
    { kind: "script", script: { command: "/bin/x", args: ["a"], timeoutNs: 7, failOnError: true } },
    { kind: "script", script: { command: "/bin/x", args: ["a"], timeoutNs: 7, failOnError: true } },
  ]);
});

test("what changes nothing waits for nothing", () => {
  expect(planChange([{ ...base, ChangeMode: "noop", Splay: 5 }])).toEqual({
    changes: [],
    splayNs: 0,
  });
});

test("a script's end is told with its exit code", () => {
  const script = { command: "/x", args: ["a", "b"], timeoutNs: 1, failOnError: false };
  expect(scriptText(script, { kind: "exited", exitCode: 0 })).toEqual({
    isFailure: false,
    message: "Template successfully ran script /x with arguments: [a b]. Exit code: 0",
  });
  expect(scriptText(script, { kind: "exited", exitCode: 3 })).toEqual({
    isFailure: true,
    message: "Template ran script /x with arguments [a b] on change but it exited with code: 3",
  });
  expect(scriptText(script, { kind: "not-run", error: "no such file" }).isFailure).toBe(true);
});
