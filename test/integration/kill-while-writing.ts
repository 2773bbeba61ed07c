import { expect } from "vitest";
import type { LiveAgent } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

/** Kills the agent while four clients register jobs, as often as told; says which acknowledged jobs are missing. */
export async function killWhileWriting(
  agent: LiveAgent,
  rounds: number,
): Promise<{ readonly acknowledged: number; readonly lost: readonly string[] }> {
  await agent.start();
  const acknowledged: string[] = [];
  const lost = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const writing = Array.from({ length: 4 }, (_, writer) =>
      writeJobs(agent, `r${round}-w${writer}`, acknowledged),
    );
    const target = acknowledged.length + 25 + ((round * 7) % 40);
    await until("enough acknowledged jobs", () => acknowledged.length >= target, { pollMs: 1 });
    await agent.stop("SIGKILL");
    await Promise.all(writing);
    await agent.start();
    const jobs = await agent.get<{ readonly ID: string }[]>("/v1/jobs");
    const present = new Set(jobs.map((job) => job.ID));
    for (const id of acknowledged) if (!present.has(id)) lost.add(id);
  }
  return { acknowledged: acknowledged.length, lost: [...lost] };
}

/** Jobs that find no node: they are written and evaluated, and start nothing. */
async function writeJobs(to: LiveAgent, prefix: string, acknowledged: string[]): Promise<void> {
  for (let n = 0; ; n++) {
    const ID = `${prefix}-${n}`;
    const Task = { Name: "t", Driver: "raw_exec", Config: { command: "true" } };
    const Constraints = [{ LTarget: "${attr.kernel.name}", RTarget: "none", Operand: "=" }];
    const Job = {
      ID,
      Name: ID,
      Type: "batch",
      Constraints,
      TaskGroups: [{ Name: "g", Tasks: [Task] }],
    };
    const answer = await to.send("PUT", "/v1/jobs", { Job }).catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.status).toBe(200);
    acknowledged.push(ID);
  }
}
