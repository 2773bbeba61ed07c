import type Docker from "dockerode";
import type { Engine } from "./engine.ts";

/**
 * When the engine was started, in milliseconds: each start that finds no container running makes the default bridge
 * anew. Undefined when there is no such network. It is asked over a connection of its own, since an engine that is going down
 * still answers on the ones that it has, and accepts no new one: then the answer is `driver-unreachable`, and an
 * exit that was seen meanwhile waits until the next engine tells whose it was.
 */
export async function engineStartedMs(
  engine: Engine,
  signal: AbortSignal,
): Promise<number | undefined> {
  const network = await engine.askUnless<Docker.NetworkInspectInfo>(
    [404],
    { place: "docker-network", what: "inspect the bridge network", signal },
    () => engine.fresh.getNetwork("bridge").inspect(),
  );
  // The engine writes a time as Go prints it: 2026-01-31 10:20:30.5 +0000 UTC, or in RFC 3339.
  const startedMs = Date.parse(
    network?.Created.replace(/^(\S+) (\S+) \+0000 UTC$/, "$1T$2Z") ?? "",
  );
  return Number.isNaN(startedMs) ? undefined : startedMs;
}
