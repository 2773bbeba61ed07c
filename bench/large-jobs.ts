import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../test/support/until.ts";
import { denseFile, denseShapes, type DenseShape } from "./support/dense-job.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { figure, median, millis, ratio } from "./support/report.ts";

/** A job file may have 1 MiB. */
const large = 1_000_000;
const small = 4 * 1024;
const rounds = Number(process.env["LARGE_JOBS_ROUNDS"] ?? 5);

/** Of several rounds: the best is what the work itself takes, the median what a busy machine makes of it. */
interface Stretch {
  readonly best: number;
  readonly median: number;
}
type Stretches = ReadonlyMap<string, Stretch>;

/** The longest stretches of an agent's event loop while it takes in, plans, evaluates and shows jobs of 1 MB. */
export async function benchLargeJobs(only = process.env["LARGE_JOBS_SHAPE"]): Promise<void> {
  for (const shape of denseShapes) {
    if (only !== undefined && !shape.name.includes(only)) continue;
    const less = await measured(shape, small);
    report(shape.name, await measured(shape, large), less);
  }
  if (only !== undefined && !"job file".includes(only)) return;
  const less = await measuredFolder(small);
  report("job file of many small groups", await measuredFolder(large), less);
}

function report(name: string, stretches: Stretches, less: Stretches): void {
  for (const [step, { best, median: middle }] of stretches)
    figure({
      what: `longest stretch, ${name} of 1 MB: ${step}`,
      value: millis(best),
      beside: `median of ${rounds} ${millis(middle)}; a job of 4 KB: ${millis(less.get(step)?.best ?? Number.NaN)}, ${ratio(best, less.get(step)?.best ?? Number.NaN)}`,
      aim: "20 ms",
    });
}

class Watch {
  readonly #agent: MeasuredAgent;
  readonly #seen = new Map<string, number[]>();

  constructor(agent: MeasuredAgent) {
    this.#agent = agent;
  }

  async during(step: string, work: () => Promise<void>): Promise<void> {
    await this.#agent.loop();
    await work();
    // More steps of the loop, so that the last stretch is counted too.
    for (const path of ["/v1/status/leader", "/v1/status/leader"]) await text(this.#agent, path);
    const { max } = await this.#agent.loop();
    this.#seen.set(step, [...(this.#seen.get(step) ?? []), max]);
  }

  result(): Stretches {
    return new Map(
      [...this.#seen].map(([step, all]) => [step, { best: Math.min(...all), median: median(all) }]),
    );
  }
}

async function measured(shape: DenseShape, bytes: number): Promise<Stretches> {
  const agent = await measuredAgent({ dev: false });
  const watch = new Watch(agent);
  try {
    for (let round = 0; round < rounds; round++)
      await oneRound(agent, watch, { shape, bytes, round });
    return watch.result();
  } finally {
    await agent.cleanUp();
  }
}

async function oneRound(
  agent: MeasuredAgent,
  watch: Watch,
  of: { readonly shape: DenseShape; readonly bytes: number; readonly round: number },
): Promise<void> {
  const id = `job-${of.round}`;
  const body = of.shape.body(id, of.bytes);
  const changed = { Job: { ...body.Job, Priority: 60 } };
  const put = (path: string, sent: object): Promise<unknown> => send(agent, path, sent);
  await watch.during("validate", async () => {
    await put("/v1/validate/job", body);
  });
  await watch.during("plan of a new job", async () => {
    await put(`/v1/job/${id}/plan`, { ...body, Diff: true });
  });
  // Registering is over when its evaluation is: what nothing fits waits as a blocked one.
  await watch.during("register and evaluate", async () => {
    await put("/v1/jobs", {
      ...body,
      Submission: { Source: JSON.stringify(body), Format: "json" },
    });
    await settled(agent, id);
  });
  await watch.during("register the same again", async () => {
    await put("/v1/jobs", body);
    await settled(agent, id);
  });
  await watch.during("plan of a change", async () => {
    await put(`/v1/job/${id}/plan`, { ...changed, Diff: true });
  });
  await watch.during("register a change", async () => {
    await put("/v1/jobs", changed);
    await settled(agent, id);
  });
  const reads = { "read back": "", versions: "/versions", submission: "/submission?version=0" };
  for (const [step, path] of Object.entries(reads))
    await watch.during(step, async () => {
      await text(agent, `/v1/job/${id}${path}`);
    });
  await watch.during("list of jobs", async () => {
    await text(agent, "/v1/jobs");
  });
  await watch.during("evaluations", async () => {
    await text(agent, `/v1/job/${id}/evaluations`);
  });
  await watch.during("stop", async () => {
    await fetch(`${agent.address}/v1/job/${id}`, { method: "DELETE" });
    await settled(agent, id);
  });
  await watch.during("purge", async () => {
    await fetch(`${agent.address}/v1/job/${id}?purge=true`, { method: "DELETE" });
    await settled(agent, id);
  });
}

async function measuredFolder(bytes: number): Promise<Stretches> {
  const agent = await measuredAgent({ dev: false });
  const watch = new Watch(agent);
  try {
    for (let round = 0; round < rounds; round++) {
      const id = `file-${round}`;
      const path = join(agent.jobsDir, `${id}.nomad`);
      const content = denseFile(id, bytes);
      let index = 0;
      await watch.during("a new file", async () => {
        writeFileSync(path, content);
        index = await changed(agent, id, 0);
      });
      await watch.during("a changed file", async () => {
        writeFileSync(path, content.replace("dc1", "dc2"));
        index = await changed(agent, id, index);
      });
      await watch.during("the file is gone", async () => {
        rmSync(path);
        await changed(agent, id, index);
      });
    }
    return watch.result();
  } finally {
    await agent.cleanUp();
  }
}

const waiting = { timeoutMs: 60_000, pollMs: 50 } as const;

/** Over when nothing of it is pending; the filter keeps the answer, and so what the question costs, small. */
const settled = (agent: MeasuredAgent, id: string): Promise<unknown> =>
  until(
    `the evaluations of ${id}`,
    async () => {
      const filter = encodeURIComponent(`JobID == "${id}" and Status == "pending"`);
      return (await agent.get<object[]>(`/v1/evaluations?filter=${filter}`)).length === 0;
    },
    waiting,
  );

interface JobLine {
  readonly ID: string;
  readonly Stop: boolean;
  readonly JobModifyIndex: number;
}

const lineOf = async (agent: MeasuredAgent, id: string): Promise<JobLine | undefined> =>
  (await agent.get<JobLine[]>(`/v1/jobs?prefix=${id}`)).find((job) => job.ID === id);

/** Waits until the folder has changed the job, and until that is evaluated. */
async function changed(agent: MeasuredAgent, id: string, after: number): Promise<number> {
  const line = await until(
    `a change of ${id}`,
    async () => {
      const found = await lineOf(agent, id);
      return found !== undefined && found.JobModifyIndex > after && found;
    },
    waiting,
  );
  await settled(agent, id);
  return line.JobModifyIndex;
}

async function send(agent: MeasuredAgent, path: string, body: object): Promise<void> {
  const answer = await agent.send("PUT", path, body);
  if (answer.status !== 200)
    throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
}

async function text(agent: MeasuredAgent, path: string): Promise<void> {
  const answer = await fetch(`${agent.address}${path}`);
  const length = (await answer.text()).length;
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}, ${length} bytes`);
}
