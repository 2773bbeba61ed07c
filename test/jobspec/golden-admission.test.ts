import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admit } from "../../src/agent/admit.ts";
import type { AdmitContext } from "../../src/jobspec/admit-job.ts";
import { withoutNulls } from "../support/golden.ts";
import { goldenFolder, parseGolden } from "../support/parse-golden.ts";

interface Verdict {
  readonly stage: string;
  readonly kind: string;
  readonly validationErrors?: number;
  readonly topLevelWarnings?: number;
  readonly warnings?: boolean;
  readonly stored?: unknown;
}
const cluster: AdmitContext = {
  namespace: "default",
  region: "global",
  namespaceExists: (name) => name === "default",
  nodePoolExists: (name) => name === "default",
};
const casesIn = (folder: string): [string, Verdict][] =>
  readdirSync(goldenFolder(`jobspec/${folder}`))
    .filter((name) => name.endsWith(".json"))
    .map((name) => [
      join(goldenFolder(`jobspec/${folder}`), name.replace(/\.json$/, ".nomad")),
      JSON.parse(readFileSync(join(goldenFolder(`jobspec/${folder}`), name), "utf8")),
    ]);
const title = ([path, verdict]: [string, Verdict]): [string, string, Verdict] => [
  `${path.replace(/^.*\//, "")} (${verdict.kind})`,
  path,
  verdict,
];
const refused = casesIn("errors").filter(([, verdict]) => verdict.stage === "validate");
/** A driver's options are looked at before the job is stored: see `docs/compatibility.md`. */
const departed: { readonly [name: string]: readonly string[] } = {
  "config-of-wrong-shape.nomad": [
    "Task group g task t: unknown option config.imagee; did you mean image?",
  ],
};
/** What the reference drops without a word. */
const toldHere: { readonly [name: string]: readonly string[] } = {
  "old-disconnect-fields-dropped.nomad": [
    'Group "g": max_client_disconnect has no effect any more, use lost_after of the disconnect block',
    'Group "g": prevent_reschedule_on_lost has no effect any more, use replace = false of the disconnect block',
  ],
};
const isDeparted = ([path]: [string, Verdict]): boolean =>
  Object.hasOwn(departed, path.replace(/^.*\//, ""));
const accepted = casesIn("accepted").filter((one) => !isDeparted(one));

test("there are recordings of every kind", () => {
  expect(refused.length).toBeGreaterThan(60);
  expect(casesIn("warnings").length).toBeGreaterThan(5);
  expect(accepted.length).toBeGreaterThan(5);
});

describe("in the language of job files", () => {
  test.each(refused.map(title))("%s is refused with as many faults", (_, path, verdict) => {
    const admission = admit(parseGolden(path), cluster);
    expect(admission.ok ? [] : admission.errors).toHaveLength(verdict.validationErrors ?? NaN);
  });

  test.each(casesIn("warnings").map(title))("%s is accepted with warnings", (_, path, verdict) => {
    const admission = admit(parseGolden(path), cluster);
    expect(admission).toMatchObject({ ok: true });
    expect(admission.warnings).toHaveLength(verdict.topLevelWarnings ?? NaN);
  });

  test.each(accepted.map(title))("%s is stored alike", (_, path, verdict) => {
    const admission = admit(parseGolden(path), cluster);
    expect(withoutNulls(admission)).toMatchObject({ ok: true, job: forStorage(verdict.stored) });
    const told = toldHere[path.replace(/^.*\//, "")];
    if (told === undefined) expect(admission.warnings.length > 0).toBe(verdict.warnings);
    else expect(admission.warnings).toEqual(told);
  });

  test.each(Object.entries(departed))("%s is refused on purpose", (name, errors) => {
    const path = join(goldenFolder("jobspec/accepted"), name);
    expect(admit(parseGolden(path), cluster)).toMatchObject({ ok: false, errors });
  });
});

/** Job files of the recorded cluster and the answer of reading the job back. */
const readBack = ["giant", "harvest", "kiln", "lamp", "teahouse-v2"];

describe("read back from the recorded cluster", () => {
  test.each(readBack)("%s is stored as the reference stores it", (name) => {
    const answer = `job-read-${name.replace(/-v\d$/, "")}.json`;
    const { body } = JSON.parse(readFileSync(join(goldenFolder("api"), answer), "utf8"));
    const admission = admit(parseGolden(join(goldenFolder("state"), `${name}.nomad.hcl`)), cluster);
    if (!admission.ok) throw new Error(admission.errors.join("\n"));
    const { job } = admission;
    const groups = job.TaskGroups.map((group) => ({
      ...group,
      Networks: withoutZeros(group.Networks),
    }));
    const lived = { Status: body.Status, Stable: body.Stable, Version: body.Version };
    expect(withoutNulls({ ...job, TaskGroups: groups, ...lived })).toEqual(withPlaceholders(body));
  });
});

/** Networks and ports are the shapes that leave their zero fields out. */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutZeros(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== 0 && item !== "" && item !== false)
      .map(([key, item]) => [key, withoutZeros(item)]),
  );
}

/** A recorded `@int`, `@ns` or `@uuid:1` stands for any value of that kind. */
function withPlaceholders(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("@"))
    return expect.any(value.startsWith("@uuid") ? String : Number);
  if (Array.isArray(value)) return value.map((item) => withPlaceholders(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withPlaceholders(item)]),
  );
}

/** Networks and ports leave zero fields out when they are read back, so only what is recorded counts. */
function forStorage(stored: unknown): object {
  if (typeof stored !== "object" || stored === null) throw new Error("nothing was recorded");
  return stored;
}
