import { allocationId } from "../../../src/model/ids.ts";
import { buildAllocation, buildContext, buildJob, uuid } from "./build.ts";
import type { TestContext } from "./build.ts";

const versions = [2, 1, 0].map((version) =>
  buildJob("web", { Version: version, ModifyIndex: 20 + version, JobModifyIndex: 20 + version }),
);
/** Three versions of one job, failed and live allocations, and a periodic job. */
export const jobContext = (): TestContext => {
  const made = buildContext({
    jobs: [
      versions[0] ?? buildJob("web"),
      buildJob("cron", {
        Periodic: {
          Enabled: true,
          Spec: "@daily",
          Specs: null,
          SpecType: "cron",
          ProhibitOverlap: false,
          TimeZone: "",
        },
      }),
    ],
    versions: [...versions],
    allocations: [
      buildAllocation(1),
      buildAllocation(2, { ClientStatus: "failed" }),
      buildAllocation(3, { ClientStatus: "failed", NextAllocation: allocationId(uuid(1)) }),
    ],
  });
  made.store.outcome = (type) =>
    type === "job.register"
      ? { version: 3, jobModifyIndex: 101, changed: true }
      : type === "job.stability"
        ? { found: true }
        : type === "job.deregister"
          ? { found: true, jobModifyIndex: 101 }
          : { ok: true };
  return made;
};
