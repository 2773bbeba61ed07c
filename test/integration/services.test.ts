import { execFileSync } from "node:child_process";
import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import type { ServiceInstance } from "../../src/sdk/wire.ts";
import { liveAgent, type LiveAgent, runningContainers } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

interface Deployment {
  readonly Status: string;
  readonly JobVersion: number;
}

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: true });
  await agent.start();
});
afterAll(() => agent.cleanUp());

/** Listens half a second after it has started, and closes its port as soon as it is told to stop. */
const job = (version: number) => `
job "bakery" {
  group "oven" {
    count          = 2
    shutdown_delay = "500ms"
    network {
      port "http" {}
    }
    update {
      max_parallel      = 1
      min_healthy_time  = "500ms"
      healthy_deadline  = "20s"
      progress_deadline = "30s"
    }
    service {
      name     = "bread"
      provider = "nomad"
      port     = "http"
      tags     = ["v${version}"]
      check {
        type     = "http"
        path     = "/ok.html"
        interval = "1s"
        timeout  = "1s"
      }
    }
    task "serve" {
      driver = "docker"
      config {
        image        = "busybox:1.36"
        network_mode = "host"
        command      = "sh"
        args         = ["-c", "sleep 0.5; mkdir -p /alloc/www; echo ${version} > /alloc/www/ok.html; exec httpd -f -p $NOMAD_PORT_http -h /alloc/www"]
      }
      kill_signal = "SIGKILL"
      resources {
        cpu    = 20
        memory = 16
      }
    }
  }
}`;

async function register(version: number): Promise<void> {
  const parsed = parseJob(job(version), { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  const answer = await agent.send("PUT", "/v1/jobs", { Job: parsed.body });
  expect(answer).toMatchObject({ status: 200 });
}
const finished = (version: number) =>
  until(
    `the deployment of version ${version} to end`,
    async () => {
      const newest = await agent.get<Deployment | null>("/v1/job/bakery/deployment");
      return newest?.JobVersion === version && newest.Status !== "running" ? newest : undefined;
    },
    { timeoutMs: 60_000 },
  );
/** The catalogue as it is after `index`, and the index of that: one long request, as a real client makes it. */
async function instancesAfter(
  index: string,
  signal: AbortSignal,
): Promise<{ readonly found: readonly ServiceInstance[]; readonly index: string }> {
  const answer = await fetch(`${agent.address}/v1/service/bread?index=${index}&wait=10s`, {
    signal,
  });
  if (answer.status !== 200) throw new Error(`the catalogue answered ${answer.status}`);
  return {
    found: (await answer.json()) as readonly ServiceInstance[],
    index: answer.headers.get("x-nomad-index") ?? "0",
  };
}
const instances = () => agent.get<readonly ServiceInstance[]>("/v1/service/bread");

/** One request on a connection of its own: what it finds is who listens now. */
const ask = ({ Address, Port }: ServiceInstance): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: Address, port: Port, path: "/ok.html", agent: new Agent({ keepAlive: false }) },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (data: string) => (text += data));
        response.on("end", () => {
          if (response.statusCode === 200) resolve(text.trim());
          else reject(new Error(`status ${response.statusCode}`));
        });
      },
    );
    asked.on("error", reject);
    asked.end();
  });

/** Answers of each instance before the update may go on, or the test may end. */
const enough = 100;

test("a client that follows the catalogue loses no request of a rolling update", async () => {
  await register(0);
  expect((await finished(0)).Status).toBe("successful");
  const before = await instances();
  expect(before).toHaveLength(2);

  const failures: string[] = [];
  const answered = new Map<string, number>();
  const count = (answer: string) => answered.set(answer, (answered.get(answer) ?? 0) + 1);
  const over = new AbortController();
  let known = before;
  const follow = async (): Promise<void> => {
    for (let index = "0"; !over.signal.aborted;) {
      const next = await instancesAfter(index, over.signal).catch((thrown: unknown) => {
        if (over.signal.aborted) return undefined;
        throw thrown;
      });
      if (next === undefined) return;
      ({ found: known, index } = next);
    }
  };
  const client = async (n: number): Promise<void> => {
    for (let turn = n; !over.signal.aborted; turn++) {
      const target = known[turn % known.length];
      if (!target) failures.push("nobody is in the catalogue");
      else
        await ask(target).then(
          (text) => count(`${target.AllocID} as ${text}`),
          (thrown: unknown) => failures.push(`${target.AllocID}: ${String(thrown)}`),
        );
    }
  };
  const answersOf = (one: ServiceInstance, text: string): number =>
    answered.get(`${one.AllocID} as ${text}`) ?? 0;
  const load = [follow(), ...Array.from({ length: 3 }, (_, n) => client(n))];
  await until("the old ones to be under load", () =>
    before.every((one) => answersOf(one, "0") >= enough),
  );
  await register(1);
  const deployment = await finished(1);
  await until("both old ones to be gone", async () => {
    const now = await instances();
    return now.length === 2 && now.every((one) => before.every(({ ID }) => ID !== one.ID));
  });
  const after = await instances();
  await until("the new ones to be under load", () =>
    after.every((one) => answersOf(one, "1") >= enough),
  );
  over.abort();
  await Promise.all(load);

  expect(failures).toEqual([]);
  expect(deployment.Status).toBe("successful");
  // Nobody answered for another one, and nobody but these four was asked.
  expect(answered.size).toBe(4);
  expect((await instances()).map(({ Tags }) => Tags)).toEqual([["v1"], ["v1"]]);

  await agent.send("DELETE", "/v1/job/bakery");
  await until("the catalogue to be empty", async () => (await instances()).length === 0);
  await until("all to stop", async () => (await runningContainers(agent)).length === 0);
});

/** Its check finds the file only when the test has made it. */
const imageWithCheck = `nomad-ts-test/checked:${process.pid}`;
const patientJob = `
job "patient" {
  group "g" {
    network {
      port "http" {}
    }
    update {
      min_healthy_time  = "100ms"
      healthy_deadline  = "20s"
      progress_deadline = "30s"
    }
    service {
      name     = "slow"
      provider = "nomad"
      port     = "http"
    }
    task "t" {
      driver = "docker"
      config {
        image   = "${imageWithCheck}"
        command = "sh"
        args    = ["-c", "sleep 1000"]
      }
      kill_signal = "SIGKILL"
      resources {
        cpu    = 20
        memory = 16
      }
    }
  }
}`;

test("the check that an image brings decides on health where a job has none", async () => {
  const text = "FROM busybox:1.36\nHEALTHCHECK --interval=1s --retries=60 CMD test -f /ready\n";
  execFileSync("docker", ["build", "-q", "-t", imageWithCheck, "-"], { input: text });
  try {
    const parsed = parseJob(patientJob, { file: "test" });
    if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
    expect(await agent.send("PUT", "/v1/jobs", { Job: parsed.body })).toMatchObject({
      status: 200,
    });
    const slow = () => agent.get<readonly ServiceInstance[]>("/v1/service/slow");
    const [container] = await until("the task to run", async () => {
      const running = await runningContainers(agent);
      return running.length === 1 ? running : undefined;
    });
    const id = container?.id ?? "";
    const inspected = (what: string): string =>
      execFileSync("docker", ["inspect", "-f", what, id], { encoding: "utf8" }).trim();
    // Long past the time that would be enough for a task without a check.
    await until("the check to fail twice", () => {
      return Number(inspected("{{.State.Health.FailingStreak}}")) >= 2;
    });
    expect(await slow()).toEqual([]);
    execFileSync("docker", ["exec", id, "touch", "/ready"]);
    await until("the service to be there", async () => (await slow()).length === 1);
    expect(inspected("{{.State.Health.Status}}")).toBe("healthy");
    const ended = await until(
      "the deployment to end",
      async () => {
        const newest = await agent.get<Deployment | null>("/v1/job/patient/deployment");
        return newest && newest.Status !== "running" ? newest : undefined;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended.Status).toBe("successful");
    await agent.send("DELETE", "/v1/job/patient");
    await until("all to stop", async () => (await runningContainers(agent)).length === 0);
  } finally {
    execFileSync("docker", ["rmi", "-f", imageWithCheck]);
  }
});
