import type { TaskSpec } from "../port.ts";
import type { Engine } from "./engine.ts";
import type { DockerPlugin } from "./options.ts";
import { refusal } from "./refusal.ts";

/** The runtime that brings the task's devices into its container; undefined when it has none that need one. */
export const deviceRuntime = (spec: TaskSpec, plugin: DockerPlugin): string | undefined =>
  spec.deviceEnv?.["NVIDIA_VISIBLE_DEVICES"] === undefined ? undefined : plugin.nvidiaRuntime;

/** A container without that runtime would start and see no device: it is refused with the reason instead. */
export async function checkDeviceRuntime(
  engine: Engine,
  spec: TaskSpec,
  plugin: DockerPlugin,
  signal: AbortSignal,
): Promise<void> {
  const wanted = deviceRuntime(spec, plugin);
  if (wanted === undefined) return;
  if (!plugin.allowRuntimes.includes(wanted))
    throw refusal(`requested runtime "${wanted}" is not allowed`);
  const info: unknown = await engine.ask(
    { place: "docker-info", what: "ask for its runtimes", signal },
    () => engine.docker.info(),
  );
  const { Runtimes: runtimes } = info as { readonly Runtimes?: object };
  if (Object.hasOwn(runtimes ?? {}, wanted)) return;
  throw refusal(
    `requested docker runtime "${wanted}" was not found: the engine needs it to hand GPUs to a container; ` +
      "install the NVIDIA Container Toolkit and restart the engine, or name another one with nvidia_runtime",
  );
}
