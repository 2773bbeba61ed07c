import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world.ts";

/** Longer than the health time of the recorded jobs, in which nothing changes either. */
const quietMs = 1_200;

/** Rests as long as a recording did, or until nothing has changed for a while: the rest would change nothing. */
export async function settle(world: World, ms: number): Promise<void> {
  const until = performance.now() + ms;
  let last = "";
  let since = performance.now();
  while (performance.now() < until && performance.now() - since < quietMs) {
    const now = await changes(world);
    if (now !== last) since = performance.now();
    last = now;
    await sleep(Math.min(100, Math.max(0, until - performance.now())));
  }
}

async function changes(world: World): Promise<string> {
  const lists = ["evaluations", "allocations", "deployments"].map((list) =>
    world.ask("GET", `/v1/${list}?namespace=*&per_page=1`),
  );
  return (await Promise.all(lists)).map((one) => one.headers["x-nomad-index"]).join(" ");
}
