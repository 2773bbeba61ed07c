import type { JobBody } from "../../src/jobspec/job-body.ts";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";

/** A job file whose only task has this in its config. */
export const configOf = (inside: string, before = ""): string =>
  `${before}job "j" {
  group "g" {
    task "t" {
      driver = "mock_driver"
      config {
${inside}
      }
    }
  }
}
`;

export function parsed(text: string): JobBody {
  const result = parseJob(text, { file: "t" });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  return result.body;
}
export const config = (text: string) => parsed(text).TaskGroups?.[0]?.Tasks?.[0]?.Config;
export function faults(text: string): readonly string[] {
  const result = parseJob(text, { file: "t" });
  return result.ok ? [] : result.diagnostics.map(formatDiagnostic).map((one) => one.slice(2));
}
