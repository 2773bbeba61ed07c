import type { Job, RestartPolicy } from "../../src/model/job.ts";
import type { Random } from "../../src/lib/random.ts";
import { jobId } from "../../src/model/ids.ts";
import { buildNetwork } from "../support/build-job.ts";
import { buildService } from "../support/build-service.ts";
import { buildTemplate } from "../support/build-template.ts";
import { scriptedGroup, scriptedJob, scriptedTask } from "../support/scripted-job.ts";

const policies: readonly RestartPolicy[] = [
  { Attempts: 2, Interval: 600e9, Delay: 1e9, Mode: "fail", RenderTemplates: false },
  { Attempts: 3, Interval: 120e9, Delay: 5e9, Mode: "delay", RenderTemplates: false },
  { Attempts: 0, Interval: 60e9, Delay: 1e9, Mode: "fail", RenderTemplates: false },
  { Attempts: 1_000, Interval: 3_600e9, Delay: 0, Mode: "delay", RenderTemplates: false },
];

/** A job as people write them: one task or two, with or without a network, templates, services and images. */
export function churnJob(random: Random, slot: number, version: number): Job {
  const chance = (share: number): boolean => random.fraction() < share;
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.fraction() * of.length)] as T;
  const isBatch = slot % 4 === 3;
  const count = chance(0.3) ? 2 : 1;
  const template = buildTemplate({
    EmbeddedTmpl: `{{ with nomadVar "churn/${slot}" }}{{ .word }}{{ end }}`,
    ChangeMode: pick(["restart", "noop", "signal"]),
    ChangeSignal: "SIGHUP",
  });
  const tasks = Array.from({ length: count }, (_, at) =>
    scriptedTask({
      Name: `t${at}`,
      Config: chance(0.7) ? { image: `app:${pick([1, 2, 3, 4, 5])}` } : {},
      Templates: chance(0.4) ? [template] : null,
      ShutdownDelay: chance(0.2) ? 2e9 : 0,
      Leader: count === 2 && at === 0 && chance(0.3),
    }),
  );
  const hasNetwork = chance(0.4);
  const group = scriptedGroup({
    RestartPolicy: isBatch ? (policies[0] as RestartPolicy) : pick(policies),
    Networks: hasNetwork ? [buildNetwork({ Mode: "bridge" })] : null,
    Services: chance(0.4) ? [buildService({ Name: `s${slot}`, PortLabel: "" })] : null,
    ShutdownDelay: chance(0.1) ? 3e9 : null,
    Tasks: tasks,
  });
  return scriptedJob({
    ID: jobId(`job-${slot}`),
    Name: `job-${slot}`,
    Type: isBatch ? "batch" : "service",
    Version: version,
    TaskGroups: [group],
  });
}
