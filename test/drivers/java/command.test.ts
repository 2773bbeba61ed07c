import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createJavaDriver, javaPluginFaults } from "../../../src/drivers/java.ts";
import { homeOf, readVersion } from "../../../src/drivers/java/command.ts";
import type { TaskDriver } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { demandIsolation } from "../../support/machine.ts";
import { until } from "../../support/until.ts";

beforeAll(demandIsolation);

const signal = new AbortController().signal;
const said = `openjdk version "17.0.15" 2025-04-15
OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)
OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)`;
let bench: ReturnType<typeof makeDriverBench>;
beforeEach(() => {
  bench = makeDriverBench();
});
afterEach(() => {
  bench.clean();
});

function withJava(script: string): TaskDriver {
  const bin = join(bench.dir, "jdk", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "java"), script);
  chmodSync(join(bin, "java"), 0o755);
  mkdirSync(join(bench.dir, "links"));
  symlinkSync(join(bin, "java"), join(bench.dir, "links", "java"));
  return driverOn(join(bench.dir, "links"));
}
const driverOn = (searchPath: string): TaskDriver =>
  createJavaDriver({
    clock: createSystemClock(),
    log: silentLogger,
    stateDir: join(bench.dir, "records"),
    searchPath,
  });
const answering = `#!/bin/sh
if [ "$1" = -version ]; then
cat >&2 <<'END'
Picked up JAVA_TOOL_OPTIONS: -Xmx1g
${said}
END
exit 0; fi
printf '%s\\n' "$@"
`;

async function argumentsOf(config: JsonMap): Promise<string[]> {
  const driver = withJava(answering);
  const task = await driver.start(bench.spec(config), () => undefined, signal);
  await until(
    "the end",
    async () => (await driver.inspect(task.handle, signal))?.state === "exited",
  );
  let text = "";
  for await (const { data } of driver.output(task.handle, null, signal))
    text += Buffer.from(data).toString();
  await driver.remove(task.handle, signal);
  return text.trim().split("\n");
}

test("a jar runs with its options before and its arguments behind", async () => {
  expect(
    await argumentsOf({
      jar_path: "local/app.jar",
      jvm_options: ["-Xmx64m", "-Da=b c"],
      args: ["one", "two three"],
    }),
  ).toEqual(["-Xmx64m", "-Da=b c", "-jar", "local/app.jar", "one", "two three"]);
});

test("a class runs with its class path", async () => {
  expect(
    await argumentsOf({ class: "Main", class_path: "/local:/alloc/lib", args: ["x"] }),
  ).toEqual(["-cp", "/local:/alloc/lib", "Main", "x"]);
});

test("the machine's Java is told of, behind links and with options in its environment", async () => {
  expect(await withJava(answering).fingerprint(signal)).toEqual({
    detected: true,
    healthy: true,
    description: "Healthy",
    attributes: {
      "": "1",
      version: "17.0.15",
      runtime: "OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)",
      vm: "OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)",
    },
  });
});

test("without a Java that works the driver is not there, and refuses a task that comes anyway", async () => {
  const none = driverOn("/no/such/folder");
  expect(await none.fingerprint(signal)).toMatchObject({
    detected: false,
    description: "java is not on the search path",
  });
  const start = none.start(bench.spec({ class: "Main" }), () => undefined, signal);
  await expect(start).rejects.toMatchObject({ fields: { recoverable: false } });
  expect(await withJava("#!/bin/sh\nexit 3\n").fingerprint(signal)).toMatchObject({
    detected: false,
    description: expect.stringContaining("does not work") as string,
  });
});

test("a task needs a class or a jar", () => {
  expect(driverOn("").validate({ args: ["x"] })).toMatchObject([
    { summary: "config.jar_path or config.class is missing" },
  ]);
});

test("what Java says is read line by line", () => {
  expect(readVersion(said)?.["version"]).toBe("17.0.15");
  expect(readVersion('java version "1.8.0_201"\nA\nB\n')).toEqual({
    version: "1.8.0_201",
    runtime: "A",
    vm: "B",
  });
  expect(readVersion("command not found")).toBeUndefined();
});

test("an installation is what lies around its bin", () => {
  expect(homeOf("/opt/jdk/bin/java")).toBe("/opt/jdk");
  expect(homeOf("/opt/java")).toBe("/opt");
});

test("what the operator wrote wrong is told", () => {
  expect(javaPluginFaults({ default_ipc_mode: "hots" })).toHaveLength(1);
});
