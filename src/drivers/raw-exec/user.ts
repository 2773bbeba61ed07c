import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { AppError } from "../../lib/errors.ts";

/** Part of every Linux base system; it changes user and groups for good and then becomes the command. */
const tool = "/usr/bin/setpriv";

/**
 * The words before a command that make it run as this user: a name or a number, with `:group` or without. The wrapper
 * above it stays the agent's, since the task's records are closed to everybody else.
 */
export async function wordsToBecome(user: string): Promise<readonly string[]> {
  if (user === "") return [];
  const [name = "", group] = user.split(":");
  const entry = await entryOf("/etc/passwd", name);
  const uid = entry?.[2] ?? number(name);
  const gid =
    group === undefined
      ? (entry?.[3] ?? uid)
      : ((await entryOf("/etc/group", group))?.[2] ?? number(group));
  if (uid === undefined || gid === undefined) throw refused(`unknown user "${user}"`);
  if (Number(uid) === process.getuid?.() && group === undefined) return [];
  if (process.getuid?.() !== 0)
    throw refused(`cannot run as user "${user}": the agent does not run as root`);
  if (!existsSync(tool)) throw refused(`cannot run as user "${user}": ${tool} is not there`);
  const groups = entry === undefined ? "--clear-groups" : "--init-groups";
  return [tool, "--reuid", uid, "--regid", gid, groups, "--"];
}

/** The line of a name, or of a number. */
async function entryOf(path: string, wanted: string): Promise<readonly string[] | undefined> {
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.split(":"));
  return lines.find(([name]) => name === wanted) ?? lines.find((fields) => fields[2] === wanted);
}

const number = (text: string): string | undefined => (/^\d+$/.test(text) ? text : undefined);

const refused = (message: string): AppError =>
  new AppError("driver", message, { fields: { recoverable: false } });
