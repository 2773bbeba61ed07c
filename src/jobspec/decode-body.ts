import { jsonFormOf } from "./core/decode/json-form.ts";
import { decodeObject } from "./core/model/decode-value.ts";
import { fillPlain } from "./core/model/fill.ts";
import { jobSchema } from "./core/model/job-schema.ts";
import type { JobBody } from "./job-body.ts";
import type { JsonObject } from "../lib/json.ts";
import type { JsonPath } from "../lib/json-path.ts";

export type DecodedBody =
  | { readonly ok: true; readonly body: JobBody }
  | {
      readonly ok: false;
      readonly message: string;
      /** From the job to the value that is wrong. */
      readonly path: JsonPath;
    };

/** Reads a job body of unknown JSON. Keys match without regard to case; unknown keys are ignored. */
export function decodeJobBody(value: unknown): DecodedBody {
  const decoded = decodeObject(jobSchema, value);
  // The table has exactly the fields of JobBody, with their kinds: golden-canonical.test.ts holds it to the wire.
  return decoded.ok ? { ok: true, body: decoded.value } : decoded;
}

/**
 * The same for a file that holds a job in API form, alone or in the envelope of a request: its plain fields have
 * their zero values, as after a parse.
 */
export function decodeJobFile(value: JsonObject): DecodedBody {
  const form = jsonFormOf(value);
  const decoded = decodeObject(jobSchema, form?.kind === "api" ? form.job : value);
  return decoded.ok ? { ok: true, body: fillPlain(jobSchema, decoded.value) } : decoded;
}
