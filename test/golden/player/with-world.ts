import { join } from "node:path";
import { liveAgent } from "../../support/live-agent.ts";
import { buildState } from "./build-state.ts";
import { dataDir, World } from "./world.ts";

/** A fresh agent with the rich state, gone afterwards. */
export async function withWorld<Result>(
  note: (text: string) => void,
  play: (world: World) => Promise<Result>,
): Promise<Result> {
  const agent = await liveAgent({
    dev: true,
    configFiles: [join(dataDir, "scenario", "agent.hcl")],
  });
  try {
    await agent.start();
    const world = new World(agent);
    await buildState(world, note);
    return await play(world);
  } finally {
    await agent.cleanUp();
  }
}
