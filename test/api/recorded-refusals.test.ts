import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitJob, multiErrorText } from "../../src/jobspec/admit-job.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";
import { buildContext, buildJob, plainJobspec } from "./support/build.ts";
import { serve } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

/** Every recorded answer that is no 200 and needs no state: status, text and headers, word for word. */
interface Recording {
  readonly name: string;
  readonly phase: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: unknown;
  };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly text?: string };
  readonly rawBody?: string;
}
const folder = "test/golden/data/api";
const toCome =
  /^(?:job-(?:dispatch|periodic|tag|scale)|var-|http-head-var|service-read|volume-csi|search-fuzzy|operator-(?:raft-peer|snapshot|upgrade)|client-metadata)/;
const stateful =
  /^(?:jobs-register-enforce|job-revert|job-evaluate-periodic|node-pool-delete|namespace-delete$)/;

const recordings = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== "sequence.json")
  .map((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Recording)
  .filter(({ name, phase, request, status }) => {
    const asked = JSON.stringify(request);
    const isPlain = !/\{[a-z0-9]+(?::|\})/.test(asked) && !asked.includes("$job");
    return (
      phase !== "server-only" &&
      status !== 200 &&
      isPlain &&
      !toCome.test(name) &&
      !stateful.test(name)
    );
  });

let api: Served;
beforeAll(async () => {
  const context = buildContext(
    { jobs: [buildJob("teahouse"), buildJob("scribe")] },
    {
      jobspec: {
        ...plainJobspec,
        decodeJobBody,
        admitJob,
        multiErrorText,
        formatDiagnostic,
        parseJob: (text, { file }) => parseJob(text, { file }),
      },
    },
  );
  context.store.outcome = (type) =>
    type.endsWith(".delete") ? { refused: "not-found", detail: "" } : { ok: true };
  api = await serve(context);
});
afterAll(async () => {
  await api.close();
});

test("there are many of them", () => {
  expect(recordings.length).toBeGreaterThan(45);
});

test.each(recordings)("$name", async ({ request, status, headers, body, rawBody }) => {
  const { body: sent } = request;
  const response = await api.get(request.path, {
    method: request.method,
    headers: request.headers ?? {},
    ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : JSON.stringify(sent) }),
  });
  const text = await response.text();
  const wanted = body?.text ?? rawBody ?? "";
  expect([response.status, text]).toEqual([status, wanted]);
  for (const [name, value] of Object.entries(headers))
    if (!value.startsWith("@")) expect([name, response.headers.get(name)]).toEqual([name, value]);
});
