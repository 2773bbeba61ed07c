import { canonicalJob } from "../../src/jobspec/core/model/canonical-job.ts";
import { storedJob } from "../../src/jobspec/core/model/stored-job.ts";
import type { Job } from "../../src/model/job.ts";
import type { Body } from "./print-job.ts";

/** The stored job of any body: what admission makes of it when validation has nothing to say. */
export const storeBody = (body: Body): Job =>
  storedJob(canonicalJob(body), (target, type) => JSON.stringify([target, type]));
