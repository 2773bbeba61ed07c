import { constants } from "node:fs";
import { mkdir, open, realpath, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { AppError } from "../lib/errors.ts";

/** Writes what a job was dispatched with into the task's `local/`; base64, as the wire has it. */
export async function writeDispatchPayload(
  local: string,
  file: string | undefined,
  payload: string | null,
): Promise<void> {
  if (file === undefined || file === "") return;
  const path = join(local, file);
  await mkdir(dirname(path), { recursive: true });
  // Links are followed before the check: a task of an earlier attempt may have put some there.
  const folder = await realpath(dirname(path));
  if (relative(await realpath(local), folder).startsWith(".."))
    throw new AppError("invalid", `dispatch_payload: file ${JSON.stringify(file)} escapes local/`);
  const target = join(folder, path.slice(dirname(path).length + 1));
  await rm(target, { force: true });
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const handle = await open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o777);
  try {
    await handle.writeFile(Buffer.from(payload ?? "", "base64"));
    await handle.chmod(0o777);
  } finally {
    await handle.close();
  }
}
