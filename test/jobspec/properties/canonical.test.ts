import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalizeJobBody } from "../../../src/jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../../../src/jobspec/decode-body.ts";
import { anyJobBody } from "../../support/generate-job.ts";
import { patience, runs } from "./runs.ts";

test(
  "a canonical body is canonical already",
  () => {
    fc.assert(
      fc.property(anyJobBody, (body) => {
        const once = canonicalizeJobBody(body);
        expect(canonicalizeJobBody(once)).toEqual(once);
      }),
      runs(200),
    );
  },
  patience,
);

test(
  "what parsing gives is a request body that is read without loss",
  () => {
    fc.assert(
      fc.property(anyJobBody, (body) => {
        const decoded = decodeJobBody(JSON.parse(JSON.stringify(body)));
        if (!decoded.ok) throw new Error(decoded.message);
        expect(canonicalizeJobBody(decoded.body)).toEqual(canonicalizeJobBody(body));
      }),
      runs(200),
    );
  },
  patience,
);
