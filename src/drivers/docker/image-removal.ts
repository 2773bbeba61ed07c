import type { BroughtImage } from "../port.ts";
import type { Engine } from "./engine.ts";

/**
 * Takes away an image that we brought, by the name that we brought it under: other names of it are somebody else's, and
 * so is then the image. Nothing is forced, so the engine itself refuses what a container made meanwhile has.
 */
export async function removeImage(
  engine: Engine,
  { id, name }: BroughtImage,
  signal: AbortSignal,
): Promise<"removed" | "held"> {
  const inspect = (which: string) =>
    engine.askUnless([404], { place: "docker-image", what: `inspect image ${which}`, signal }, () =>
      engine.docker.getImage(which).inspect(),
    );
  const found = await inspect(id);
  if (found === undefined) return "removed";
  const users = await engine.ask(
    { place: "docker-list", what: "list containers", signal },
    (abortSignal) =>
      engine.docker.listContainers({ all: true, filters: { ancestor: [id] }, abortSignal }),
  );
  if (users.length > 0) return "held";
  const isStillNamed = (await inspect(name))?.Id === id;
  if (!isStillNamed && (found.RepoTags ?? []).length > 0) return "removed";
  const which = isStillNamed ? name : id;
  const call = { place: "docker-image-remove" as const, what: `remove image ${which}`, signal };
  const removed = await engine.askUnless([409], call, () =>
    engine
      .askUnless([404], call, async (abortSignal) => {
        await engine.docker.getImage(which).remove({ abortSignal });
        return "removed" as const;
      })
      .then(() => "removed" as const),
  );
  return removed ?? "held";
}
