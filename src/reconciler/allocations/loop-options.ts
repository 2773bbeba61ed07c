import type { TaskDriver, TaskOwner } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Failpoint } from "../../lib/failpoint.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import type { StringMap } from "../../model/job.ts";
import type { Node } from "../../model/node.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import type { NodeDevices } from "../../node/devices.ts";
import type { HealthChecks } from "../../node/health-checks.ts";
import type { ArtifactSettings } from "../../node/artifacts.ts";
import type { LogCollector } from "../../node/log-collector.ts";
import type { NodeDb } from "../../node/node-db.ts";
import type { AllocationSource } from "../ports.ts";
import type { TemplateFollowers } from "./task-templates.ts";
import type { StartupSurvey } from "./observe.ts";

export interface AllocationLoopOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly db: NodeDb;
  readonly directories: AllocationDirectories;
  readonly logs: LogCollector;
  readonly checks: HealthChecks;
  readonly templates: TemplateFollowers;
  readonly artifacts: ArtifactSettings;
  readonly devices: NodeDevices | undefined;
  readonly owner: TaskOwner;
  /** The node as it is now: interpolation reads its attributes. */
  readonly node: () => Node;
  readonly region: string;
  readonly hostEnv: StringMap;
  readonly failpoint: Failpoint;
  readonly survey: StartupSurvey;
  readonly pollMs: number;
  /** How long a living task is kept after the servers stopped knowing its allocation. */
  readonly orphanGraceMs: number;
  readonly concurrency: number;
}
