import type { TaskDriver } from "../../src/drivers/port.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { AllocationSource } from "../../src/reconciler/ports.ts";
import type { ChurnSource } from "./churn-source.ts";

/** One process of an agent: what it has asked to be told of ends with it. */
export interface Life {
  /** How many points it passes until it dies. */
  deathIn: number;
  isDead: boolean;
  /** Its process has ended. */
  isOver: boolean;
  /** What the end of its process ends. */
  readonly ends: Set<() => void>;
}

export function endingWith(life: Life, end: () => void): () => void {
  if (life.isOver) end();
  else life.ends.add(end);
  return end;
}

export function clockOf(life: Life, clock: Clock): Clock {
  return {
    nowNs: () => clock.nowNs(),
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    nextStep: (call) => {
      clock.nextStep(call);
    },
    after: (ms, call) => {
      if (life.isOver) return () => undefined;
      const end = (): void => {
        life.ends.delete(end);
        cancel();
      };
      const cancel = clock.after(ms, () => {
        life.ends.delete(end);
        call();
      });
      life.ends.add(end);
      return end;
    },
  };
}

export function driverOf(life: Life, driver: TaskDriver): TaskDriver {
  const { images } = driver;
  return {
    ...driver,
    watch: (...words) => ({ close: endingWith(life, driver.watch(...words).close) }),
    ...(images && {
      images: {
        ...images,
        watch: (bringing) => ({ close: endingWith(life, images.watch(bringing).close) }),
      },
    }),
  };
}

export function sourceOf(life: Life, source: ChurnSource): AllocationSource {
  const ending = (end: () => void): (() => void) => endingWith(life, end);
  const isAlive = (): void => {
    if (life.isDead) throw new Error("dead");
  };
  return {
    registerNode: async (node) => {
      isAlive();
      return source.registerNode(node);
    },
    heartbeat: async () => source.heartbeat(),
    allocations: async () => source.allocations(),
    allocation: async (id) => source.allocation(id),
    watch: (id, changed) => ending(source.watch(id, changed)),
    report: async (id, reports) => {
      isAlive();
      return source.report(id, reports);
    },
    services: async () => source.services(),
    reportServices: async (id, changes) => {
      isAlive();
      return source.reportServices(id, changes);
    },
    watchServices: (id, changed) => ending(source.watchServices(id, changed)),
    catalogue: {
      ...source.catalogue,
      watch: (changed) => ending(source.catalogue.watch(changed)),
    },
  };
}
