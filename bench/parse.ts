import { parseJob } from "../src/jobspec/parse-job.ts";
import hcl2 from "hcl2-parser";
import { figure, median, millis, ratio } from "./support/report.ts";

const sizes = [100, 1000, 10_000, 100_000];

/** Reading job files of growing length, which must take no more than growing time. */
export function benchParse(): Promise<void> {
  const first = timesOf(() => read(jobText(200)), 1)[0] ?? Number.NaN;
  figure({ what: "the first job file of 200 lines that a process reads", value: millis(first) });
  const own = median(timesOf(() => read(jobText(200)), 300).slice(200));
  const second = median(timesOf(() => hcl2.parseToObject(jobText(200)), 15).slice(5));
  figure({
    what: "a job file of 200 lines, warm",
    value: millis(own),
    beside: `hcl2-parser ${millis(second)}, ${ratio(second, own)}`,
    aim: "under 5 ms",
  });
  const perLine: number[] = [];
  for (const lines of sizes) {
    const text = jobText(lines);
    const ms = median(timesOf(() => read(text), Math.max(3, Math.min(50, 50_000 / lines))));
    perLine.push(ms / lines);
    figure({
      what: `a job file of ${lines.toLocaleString("en")} lines`,
      value: millis(ms),
      beside: `${((ms / lines) * 1000).toFixed(2)} ms per 1,000 lines`,
    });
  }
  const [shortest = Number.NaN, longest = Number.NaN] = [perLine[1], perLine.at(-1)];
  figure({
    what: "a line among 100,000 beside one among 1,000",
    value: ratio(longest, shortest),
    aim: "about 1: linear",
  });
  return Promise.resolve();
}

function timesOf(run: () => void, times: number): number[] {
  return Array.from({ length: Math.floor(times) }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
}

function read(text: string): void {
  const result = parseJob(text, { file: "bench.nomad" });
  if (!result.ok) throw new Error(result.diagnostics[0]?.summary);
}

/** A job of about so many lines, with what job files have: locals, templates, heredocs, calls, nested blocks. */
function jobText(lines: number): string {
  const group = groupText(0).split("\n").length - 1;
  const groups = Math.max(1, Math.round((lines - 10) / group));
  return `variable "image" {
  default = "registry.local/app:1.2"
}
locals {
  team = "garden"
  tags = [for n in range(3) : "tag-\${n}"]
}
job "bench" {
  datacenters = ["dc1"]
${Array.from({ length: groups }, (_, at) => groupText(at)).join("")}}
`;
}

const groupText = (at: number): string => `
  group "group-${at}" {
    count = 2
    # What runs beside the others of the team.
    meta {
      team  = local.team
      owner = "\${local.team}-${at}@example.org"
    }
    network {
      port "http" {
        to = 8080
      }
    }
    service {
      name     = "web-${at}"
      port     = "http"
      provider = "nomad"
      tags     = concat(local.tags, ["n-${at}"])
      check {
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
      }
    }
    constraint {
      attribute = "\${attr.kernel.name}"
      value     = "linux"
    }
    task "server" {
      driver = "docker"
      config {
        image = var.image
        ports = ["http"]
        args  = ["-c", "/local/app.conf", "--name", upper("web-${at}")]
        mount {
          type   = "bind"
          source = "local"
          target = "/data"
        }
      }
      template {
        destination = "local/app.conf"
        data        = <<-EOT
          listen = "0.0.0.0:8080"
          name   = "\${local.team}"
          %{ for tag in local.tags ~}
          tag = \${tag}
          %{ endfor ~}
        EOT
      }
      env = {
        PORT = "\${NOMAD_PORT_http}"
        SIZE = ${at} * 4 + 1
        MODE = ${at} % 2 == 0 ? "even" : "odd"
      }
      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
`;
