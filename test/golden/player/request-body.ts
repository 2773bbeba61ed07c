import { readdirSync } from "node:fs";
import { join } from "node:path";
import { dataDir, type World } from "./world.ts";

/** The body to send: tokens filled, `$job` and described payloads made real. */
export async function bodyText(world: World, body: unknown): Promise<string | undefined> {
  if (body === undefined) return undefined;
  if (typeof body === "string") return payloadText(body) ?? world.fill(body);
  return world.fill(JSON.stringify(withJobs(world, body)));
}

/** `$job` names a job file, `$set` assigns dotted paths in it. */
function withJobs(world: World, body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("$job" in body)) return body;
  const { $job, $set, ...rest } = body as {
    readonly $job: string;
    readonly $set?: { readonly [path: string]: unknown };
  };
  const job: { [key: string]: unknown } = structuredClone(world.job(jobFile($job)));
  for (const [path, value] of Object.entries($set ?? {})) assign(job, path.split("."), value);
  return { Job: job, ...rest };
}

const jobFile = (name: string): string => {
  const files = readdirSync(join(dataDir, "state"))
    .filter((file) => file.startsWith(name))
    .toSorted();
  return files.at(-1) ?? name;
};

function assign(target: { [key: string]: unknown }, path: readonly string[], value: unknown): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const next = target[head];
  const inner = typeof next === "object" && next !== null ? next : {};
  target[head] = inner;
  assign(inner as { [key: string]: unknown }, rest, value);
}

/** Large payloads are only described: `Payload: 17000 bytes of "x" in base64`. */
function payloadText(body: string): string | undefined {
  const described = /^Payload: (\d+) bytes of "(.)" in base64$/.exec(body);
  if (described === null) return undefined;
  const [, length = "0", letter = ""] = described;
  return JSON.stringify({ Payload: Buffer.alloc(Number(length), letter).toString("base64") });
}
