import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { admit } from "../../src/agent/admit.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { linearSearch } from "../../src/lib/system/regexp.ts";
import type { Job } from "../../src/model/job.ts";
import type { PlanAnnotations } from "../../src/model/plan.ts";
import { dryRun } from "../../src/reconciler/schedule-job.ts";
import { openCluster } from "../support/admitted-job.ts";
import { buildNode } from "../support/build-node.ts";
import { startLeaderWorld, type LeaderWorld } from "../support/leader-world.ts";

/**
 * Every recorded plan again, on one node that runs what the recorded one ran: what would be placed, stopped and
 * updated, which groups find no room, and whether there are warnings. What differs in the job itself is compared with
 * the recorded `Diff` in `test/jobspec/golden-diff.test.ts`.
 */
const folder = "test/golden/data/plan";
interface Recording {
  readonly Annotations: PlanAnnotations;
  readonly Warnings: boolean;
  readonly FailedTGAllocs?: readonly string[];
  readonly how?: {
    readonly running?: number;
    readonly canaries?: number;
    readonly stop?: boolean;
    readonly agent?: string;
  };
}
/** Jobs that need Vault or Consul's mesh are refused here. */
const refused = ["connect-sidecar-changed", "sidecar-task-changed", "vault-added", "vault-changed"];
/** Options that mock_driver does not have are told here; the reference's server looks at none. */
const oddOptions = ["config-value-types-changed", "same-job-in-other-order"];
const names = readdirSync(folder).filter(
  (name) => existsSync(join(folder, name, "diff.json")) && !refused.includes(name),
);

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

function read(path: string): { readonly job: Job; readonly warnings: readonly string[] } {
  const parsed = parseJob(readFileSync(path, "utf8"), { file: path });
  if (!parsed.ok) throw new Error(`${path} does not parse`);
  const admission = admit(parsed.body, openCluster);
  if (!admission.ok) throw new Error(admission.errors.join("\n"));
  return admission;
}

/** A node with the drivers of the recorded one. */
async function worldOfOneNode(): Promise<LeaderWorld> {
  const world = await startLeaderWorld(0);
  worlds.push(world);
  const node = buildNode("pier");
  const driver = node.Drivers?.["raw_exec"];
  if (driver === undefined) throw new Error("the node has a driver");
  await world.source.registerNode({
    ...node,
    Attributes: {
      ...node.Attributes,
      "nomad.service_discovery": "true",
      "os.signals": "SIGHUP,SIGINT,SIGTERM,SIGUSR1",
    },
    Drivers: { docker: driver, mock_driver: driver, raw_exec: driver, exec: driver },
  });
  await world.clock.advance(1);
  return world;
}

const settle = async (world: LeaderWorld): Promise<void> => {
  for (let round = 0; round < 8; round++) await world.clients();
};

test.each(names)("%s", async (name) => {
  const path = (file: string): string => join(folder, name, `${file}.nomad`);
  const recorded: Recording = JSON.parse(readFileSync(join(folder, name, "diff.json"), "utf8"));
  const { how } = recorded;
  const world = await worldOfOneNode();
  for (const file of ["before", "middle"].filter((one) => existsSync(path(one)))) {
    await world.register(read(path(file)).job);
    await settle(world);
  }
  if (how?.running !== undefined)
    expect(world.live()).toHaveLength(how.running + (how.canaries ?? 0));
  if (how?.stop === true) {
    const [job] = world.store.read.jobs({});
    if (job === undefined) throw new Error("no job to stop");
    await world.register({ ...job, Stop: true });
    await settle(world);
  }
  const { job, warnings } = read(path("after"));
  const deps = { read: world.store.read, random: world.random, search: linearSearch };
  const planned = dryRun(deps, job, world.clock.nowNs());
  expect(planned.annotations.DesiredTGUpdates).toEqual(recorded.Annotations.DesiredTGUpdates);
  expect(Object.keys(planned.failedGroups).toSorted()).toEqual(recorded.FailedTGAllocs ?? []);
  expect(warnings.length > 0).toBe(oddOptions.includes(name) || recorded.Warnings);
});

test.each(refused)("%s is refused", (name) => {
  expect(() => read(join(folder, name, "after.nomad"))).toThrow(
    /which needs Consul|Vault "default" not enabled/,
  );
});
