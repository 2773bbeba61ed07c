import { AppError } from "../../lib/errors.ts";
import type { StopOptions } from "../port.ts";
import { type Engine, statusOf } from "./engine.ts";
import { inspectContainer } from "./inspect.ts";

/**
 * The task's own signal, a wait, then the engine's stop, which knows best whether anything runs still: a 409 alone
 * says only that something was in the way. A paused container is let go on, or it could never hear its signal.
 */
export async function stopContainer(
  engine: Engine,
  handle: string,
  options: StopOptions & { readonly abort: AbortSignal },
): Promise<void> {
  const { abort, timeoutMs } = options;
  let seconds = Math.ceil(timeoutMs / 1000);
  if (options.signal !== "") {
    const info = await inspectContainer(engine, handle, abort);
    if (info === undefined) return;
    if (info.State.Paused) await unpause(engine, handle, abort);
    if (await signalAndWait(engine, handle, options)) return;
    seconds = 0;
  }
  const container = engine.docker.getContainer(handle);
  const call = {
    place: "docker-stop" as const,
    what: "stop a container",
    signal: abort,
    timeoutMs: seconds * 1000 + engine.callTimeoutMs,
  };
  try {
    await engine.askUnless([304, 404], call, (abortSignal) =>
      container.stop({ t: seconds, abortSignal }),
    );
  } catch (thrown) {
    if (statusOf(thrown) !== 409) throw thrown;
    await forceStop(engine, handle, abort);
  }
}

/** True when the task has ended within its time. */
async function signalAndWait(
  engine: Engine,
  handle: string,
  { signal: name, timeoutMs, abort }: StopOptions & { readonly abort: AbortSignal },
): Promise<boolean> {
  const container = engine.docker.getContainer(handle);
  const call = { place: "docker-signal" as const, what: `send ${name}`, signal: abort };
  const sent = await engine.askUnless([404, 409], call, async (abortSignal) => {
    await container.kill({ signal: name, abortSignal });
    return true;
  });
  if (sent === undefined) return false;
  try {
    const wait = {
      place: "docker-wait" as const,
      what: "wait for a container",
      signal: abort,
      timeoutMs,
    };
    await engine.askUnless([404], wait, (abortSignal) => container.wait({ abortSignal }));
    return true;
  } catch (thrown) {
    // Neither the end of its time nor a lost connection says that it ended: the stop that follows finds out.
    if (thrown instanceof AppError && thrown.code === "driver-unreachable") return false;
    throw thrown;
  }
}

async function forceStop(engine: Engine, handle: string, abort: AbortSignal): Promise<void> {
  const info = await inspectContainer(engine, handle, abort);
  if (info === undefined || !info.State.Running) return;
  if (info.State.Paused) await unpause(engine, handle, abort);
  const container = engine.docker.getContainer(handle);
  await engine.askUnless(
    [404],
    { place: "docker-kill", what: "kill a container", signal: abort },
    (abortSignal) => container.kill({ signal: "SIGKILL", abortSignal }),
  );
  await engine.askUnless(
    [404],
    { place: "docker-wait", what: "wait for a container", signal: abort },
    (abortSignal) => container.wait({ abortSignal }),
  );
}

/** Not paused any more, or gone, is fine. */
async function unpause(engine: Engine, handle: string, signal: AbortSignal): Promise<void> {
  await engine.askUnless(
    [304, 404, 409, 500],
    { place: "docker-unpause", what: "unpause a container", signal },
    () => engine.docker.getContainer(handle).unpause(),
  );
}
