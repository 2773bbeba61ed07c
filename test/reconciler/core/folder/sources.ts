import type { JobSource } from "../../../../src/model/job-source.ts";

/** A row of the job folder's table, with what a test cares about. */
export const aSource = (fields: Partial<JobSource> & { readonly Path: string }): JobSource => ({
  Agent: "one",
  Folder: "1:2",
  State: "accepted",
  JobID: "web",
  Namespace: "default",
  Hash: "h1",
  Message: "",
  Diagnostics: null,
  Warnings: "",
  UpdatedAt: 0,
  ModifyIndex: 0,
  ...fields,
});
