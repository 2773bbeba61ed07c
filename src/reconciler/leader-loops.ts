import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import type { Store } from "../store/store.ts";
import { DeploymentLoop } from "./deployment-loop.ts";
import { DrainLoop } from "./drain-loop.ts";
import { EvaluationLoop } from "./evaluation-loop.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { NodeWatch } from "./node-watch.ts";
import type { RegexpSearch } from "./schedule-job.ts";

export interface LeaderLoopsDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly heartbeats: Heartbeats;
  /** Linear-time regular expressions, for `regexp` constraints. */
  readonly search: RegexpSearch;
}
export interface LeaderLoops {
  /** Resolves when everything has ended. */
  stop(): Promise<void>;
}

interface Running {
  stop(): Promise<void>;
}

/** Runs what only the leader may do: from the moment this server leads until it leads no more. */
export function startLeaderLoops(deps: LeaderLoopsDeps): LeaderLoops {
  const log = deps.log.child("leader");
  let running: readonly Running[] = [];
  const stopAll = async (): Promise<void> => {
    const ending = running.toReversed();
    running = [];
    for (const loop of ending) await loop.stop();
  };
  const reconcile = async (): Promise<Turn> => {
    const isLeader = deps.store.leadership.isLeader();
    if (isLeader && running.length === 0) {
      log.info({}, "this server leads");
      running = [
        new NodeWatch(deps),
        new DrainLoop(deps),
        new DeploymentLoop(deps),
        new EvaluationLoop(deps),
      ];
    }
    if (!isLeader && running.length > 0) {
      log.info({}, "this server leads no more");
      await stopAll();
    }
    return { kind: "done" };
  };
  const loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
    name: "leadership",
    concurrency: 1,
    reconcile,
  });
  const unsubscribe = deps.store.leadership.subscribe(() => loop.add("leadership"));
  return {
    async stop() {
      unsubscribe();
      await loop.stop();
      await stopAll();
    },
  };
}
