import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long begin first, so that none is left alone at the end while the other workers have nothing to do:
 * on a fresh clone nobody remembers how long each took, and those that wait for agents and containers are short texts.
 * The longest one is the first; what is not named here follows as it would anyhow.
 */
const longest = [
  "test/integration/kill.test.ts",
  "test/golden/held-cli-writes.test.ts",
  "test/golden/held-scenario.test.ts",
  "test/integration/node-docker.test.ts",
  "test/jobspec/hostile.test.ts",
  "test/agent/run-agent.test.ts",
  "test/golden/held.test.ts",
  "test/golden/held-cli.test.ts",
  "test/integration/engine-faults.test.ts",
  "test/agent/large-jobs.test.ts",
  "test/reconciler/scheduling-properties.test.ts",
  "test/jobspec/properties/plan.test.ts",
  "test/drivers/docker.test.ts",
  "test/store/open-store.test.ts",
  "test/integration/rollout.test.ts",
  "test/integration/services.test.ts",
  "test/integration/disk.test.ts",
  "test/integration/durability.test.ts",
  "test/integration/folder.test.ts",
  "test/integration/hostile.test.ts",
  "test/integration/exec-adoption.test.ts",
  "test/integration/job-logs.test.ts",
  "test/integration/log-flood.test.ts",
  "test/integration/volume-and-artifact.test.ts",
  "test/drivers/docker/containers.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
