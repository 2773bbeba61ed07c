import { decodeOptions, type OptionTable } from "../../src/drivers/core/option-table.ts";
import type { StopOptions, TaskDriver, TaskExit, TaskSpec } from "../../src/drivers/port.ts";
import { AppError, assertNever } from "../../src/lib/errors.ts";
import type { ScriptedEngine } from "./scripted-driver.ts";
import { type Behaviour, isBehaviour } from "./task-behaviours.ts";

const options: OptionTable = {
  behaviour: { kind: "text", required: true },
  args: { kind: "texts" },
};
const exitWith = (code: number): TaskExit => ({
  code,
  signal: 0,
  oomKilled: false,
  message: "",
});

/** The scripted engine of the node's tests, acting out what a task's config names: so it keeps the contract too. */
export function createFakeDriver(engine: ScriptedEngine): TaskDriver {
  const driver = engine.driver("fake");
  const running = (handle: string) => {
    const task = engine.tasks.get(handle);
    return task?.observed.state === "running" ? task : undefined;
  };
  function deliver(handle: string, name: string): void {
    const task = running(handle);
    if (!task) return;
    const behaviour = behaviourOf(task.spec);
    if (name === "SIGKILL") engine.end(handle, exitWith(137));
    else if (behaviour === "ignores signals") return;
    else engine.end(handle, exitWith(behaviour === "exits with 7 on SIGTERM" ? 7 : 143));
  }
  return {
    ...driver,
    validate: (config) => decodeOptions(config, options).diagnostics,
    async start(spec, notice, signal) {
      const isNew = engine.calls.length;
      const task = await driver.start(spec, notice, signal);
      if (engine.calls.length > isNew) act(engine, task.handle, behaviourOf(spec), spec);
      return engine.tasks.get(task.handle)?.observed ?? task;
    },
    async stop(handle: string, { signal: name, timeoutMs }: StopOptions) {
      deliver(handle, name === "" ? "SIGTERM" : name);
      if (running(handle)) await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      deliver(handle, "SIGKILL");
    },
    async signal(handle, name, signal) {
      await driver.signal(handle, name, signal);
      deliver(handle, name);
    },
    stats: async (handle) =>
      running(handle) && {
        cpuPercent: 0,
        cpuTotalTicks: 0,
        systemMode: 0,
        userMode: 0,
        throttledPeriods: 0,
        throttledTime: 0,
        memory: { rss: 1, cache: 0, swap: 0, usage: 1, maxUsage: 1 },
      },
  };
}

function behaviourOf(spec: TaskSpec): Behaviour {
  const name = spec.config["behaviour"];
  if (!isBehaviour(name)) throw new AppError("driver", `unknown behaviour ${JSON.stringify(name)}`);
  return name;
}

function act(engine: ScriptedEngine, handle: string, behaviour: Behaviour, spec: TaskSpec): void {
  const print = (text: string, stream?: "stderr"): void => engine.write(handle, text, stream);
  switch (behaviour) {
    case "greets and exits with 3":
      print(`${spec.env["GREETING"]}\n`);
      print("oops\n", "stderr");
      return engine.end(handle, exitWith(3));
    case "exits with 7 on SIGTERM":
    case "ignores signals":
      return print("ready\n");
    case "exits with 0":
      return engine.end(handle, exitWith(0));
    case "exits with 1":
      return engine.end(handle, exitWith(1));
    case "prints eight lines":
      for (let n = 1; n <= 8; n++) print(`line ${n}\n`);
      return engine.end(handle, exitWith(0));
    case "ends soon":
      setTimeout(() => {
        engine.end(handle, exitWith(0));
      }, 50);
      return;
    case "runs on":
      return;
    default:
      return assertNever(behaviour);
  }
}
