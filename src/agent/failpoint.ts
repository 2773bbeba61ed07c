import { AppError } from "../lib/errors.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import { noFailpoint } from "../lib/failpoint.ts";
import { allFailpoints } from "../model/failpoints.ts";

/** `NOMAD_FAILPOINT=name=count` kills the agent when that place is passed for the count-th time. For tests. */
export function environmentFailpoint(): Failpoint {
  const [wanted, count = "1"] = (process.env["NOMAD_FAILPOINT"] ?? "").split("=");
  if (wanted === undefined || wanted === "") return noFailpoint;
  if (!allFailpoints().includes(wanted))
    throw new AppError("invalid", `NOMAD_FAILPOINT: there is no point ${wanted}`);
  let left = Number(count);
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left <= 0) process.kill(process.pid, "SIGKILL");
  };
}
