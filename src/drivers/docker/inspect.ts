import type Docker from "dockerode";
import type { Engine } from "./engine.ts";

export const inspectContainer = (
  engine: Engine,
  handle: string,
  signal: AbortSignal,
): Promise<Docker.ContainerInspectInfo | undefined> =>
  engine.askUnless(
    [404],
    { place: "docker-inspect", what: "inspect a container", signal },
    (abortSignal) => engine.docker.getContainer(handle).inspect({ abortSignal }),
  );

/** Gone already, and being removed by somebody else, are both what was asked for. */
export async function removeContainer(
  engine: Engine,
  handle: string,
  signal: AbortSignal,
): Promise<void> {
  await engine.askUnless(
    [404, 409],
    { place: "docker-remove", what: "remove a container", signal },
    (abortSignal) =>
      engine.docker.getContainer(handle).remove({ force: true, v: true, abortSignal }),
  );
}
