import { expect, test } from "vitest";
import { openCgroups } from "../../../src/drivers/executor/cgroups.ts";
import { createIsolationProbe } from "../../../src/drivers/executor/isolation-probe.ts";
import { findTools } from "../../../src/drivers/executor/tools.ts";
import { demandIsolation } from "../../support/machine.ts";

test("a machine that has everything is fit, and says what it cannot limit", async () => {
  demandIsolation();
  const cgroups = openCgroups();
  expect(await createIsolationProbe(findTools(), cgroups)()).toMatchObject({ missing: undefined });
  const lame = { ...cgroups, controllers: ["cpu"] };
  expect(await createIsolationProbe(findTools(), lame)()).toEqual({
    missing: undefined,
    shortcomings: ["no memory limit"],
  });
});

test("what is missing is named", async () => {
  demandIsolation();
  const none = openCgroups("/proc/no-such-folder");
  expect((await createIsolationProbe(findTools(), none)()).missing).toBe(
    "Cgroups are not mounted on this machine",
  );
  const { unshare: _unshare, setpriv: _setpriv, ...tools } = findTools();
  expect((await createIsolationProbe(tools, openCgroups())()).missing).toBe(
    "These programs are missing: unshare, setpriv",
  );
});

test("a machine that does not let the agent make namespaces says so", async () => {
  demandIsolation();
  const tools = { ...findTools(), unshare: "/bin/false" };
  expect((await createIsolationProbe(tools, openCgroups())()).missing).toMatch(
    /^Namespaces cannot be made: /,
  );
});
