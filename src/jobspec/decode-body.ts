import { decodeObject } from "./core/model/decode-value.ts";
import { jobSchema } from "./core/model/job-schema.ts";
import type { JobBody } from "./job-body.ts";

/** Reads a job body of unknown JSON. Keys match without regard to case; unknown keys are ignored. */
export function decodeJobBody(
  value: unknown,
):
  | { readonly ok: true; readonly body: JobBody }
  | { readonly ok: false; readonly message: string } {
  const decoded = decodeObject(jobSchema, value);
  // The table has exactly the fields of JobBody, with their kinds: golden-canonical.test.ts holds it to the wire.
  return decoded.ok ? { ok: true, body: decoded.value } : decoded;
}
