import { createFakeDriver } from "../support/fake-driver.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";
import { groupNetworkContract } from "./group-network-contract.ts";
import { taskDriverContract } from "./task-driver-contract.ts";

const engines = new Map<string, ScriptedEngine>();
const engineIn = (dir: string): ScriptedEngine => {
  const engine = engines.get(dir) ?? new ScriptedEngine();
  engines.set(dir, engine);
  return engine;
};

groupNetworkContract("fake", (dir) => createFakeDriver(engineIn(dir)));
taskDriverContract("fake", {
  open: (dir) => createFakeDriver(engineIn(dir)),
  config: (behaviour) => ({ behaviour }),
});
