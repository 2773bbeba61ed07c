import { expect, test } from "vitest";
import { guardUsers } from "../../src/drivers/user-guard.ts";
import { makeDriverBench } from "../support/driver-spec.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";

const signal = new AbortController().signal;
const rules = { denied: ["root", "Administrator"], checkedDrivers: ["exec"] };

async function startAs(user: string, name = "exec") {
  const bench = makeDriverBench();
  try {
    const driver = guardUsers(new ScriptedEngine().driver(name), rules);
    return await driver.start(bench.spec({}, { user }), () => undefined, signal);
  } finally {
    bench.clean();
  }
}

test.each(["root", "0", "00", "root:daemon", "Administrator"])(
  "a task as %s is refused for good",
  async (user) => {
    await expect(startAs(user)).rejects.toMatchObject({
      message: `running as user "${user.split(":")[0]}" is disallowed`,
      fields: { recoverable: false },
    });
  },
);

test("other users, no user at all and drivers that are not checked start", async () => {
  for (const user of ["", "nobody", "1000"])
    expect(await startAs(user)).toMatchObject({ state: "running" });
  expect(await startAs("root", "raw_exec")).toMatchObject({ state: "running" });
});
