import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { measuredAgent } from "./support/measured-agent.ts";
import { figure, median, millis, ratio } from "./support/report.ts";

const main = new URL("../dist/main.js", import.meta.url).pathname;
const jobFile = `job "cli" {
  group "g" {
    count = 0
    task "t" {
      driver = "docker"
      config { image = "busybox:1.36" }
    }
  }
}
`;

/** Whole-process times of commands, in turns with a bare node that does nothing. */
export async function benchCommands(rounds: number): Promise<void> {
  const agent = await measuredAgent({ dev: false });
  try {
    const file = join(agent.dir, "cli.nomad");
    writeFileSync(file, jobFile);
    const env = { ...process.env, NOMAD_ADDR: agent.address };
    const time = (args: readonly string[]): number => {
      const before = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`${args.join(" ")}: exit ${status} ${stderr}`);
      return performance.now() - before;
    };
    const bare: number[] = [];
    const version: number[] = [];
    const run: number[] = [];
    const status: number[] = [];
    for (let n = 0; n < rounds; n++) {
      bare.push(time(["-e", "0"]));
      version.push(time([main, "version"]));
      run.push(time([main, "job", "run", "-detach", file]));
      status.push(time([main, "job", "status"]));
    }
    const rows = [
      ["nomad version", version],
      ["nomad job run -detach", run],
      ["nomad job status", status],
    ] as const;
    for (const [what, times] of rows)
      figure({
        what: `whole process of \`${what}\``,
        value: millis(median(times)),
        beside: `bare node ${millis(median(bare))}: ${ratio(median(times), median(bare))}`,
        aim: "1.5 x",
      });
  } finally {
    await agent.cleanUp();
  }
}
