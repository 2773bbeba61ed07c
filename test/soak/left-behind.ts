import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openNodeDb } from "../../src/node/node-db.ts";
import type { ChurnWorld } from "./churn-world.ts";

/** What is left where nothing should be. */
export function leftBehind({
  directory,
  engine: { engine },
  source,
}: ChurnWorld): readonly string[] {
  const tasks = [...engine.tasks.keys()].filter((handle) => !handle.startsWith("foreign"));
  const files = (folder: string): readonly string[] => readdirSync(join(directory, folder));
  const db = openNodeDb(join(directory, "client"));
  try {
    return [
      ...tasks.map((handle) => `container ${handle}`),
      ...[...engine.networks.made.keys()].map((id) => `network ${id}`),
      ...[...engine.images.here].map((name) => `image ${name}`),
      ...files("alloc").map((name) => `folder ${name}`),
      ...files("client")
        .filter((name) => !/^(?:node\.db(?:-wal|-shm)?|client-id|secret-id)$/.test(name))
        .map((name) => `file ${name}`),
      ...db.allocations().map(({ id }) => `row ${id}`),
      ...db.images().map(({ name }) => `image row ${name}`),
      ...[...source.registered.keys()].map((id) => `service ${id}`),
    ];
  } finally {
    db.close();
  }
}
