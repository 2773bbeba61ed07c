import { readFile } from "node:fs/promises";
import { type IdRanges, isInRanges } from "./denied-ids.ts";
import { refusal } from "./refusal.ts";

export interface TaskUser {
  readonly uid: number;
  readonly gid: number;
  /** It has a line in the machine's list of users, so its further groups are known. */
  readonly isListed: boolean;
}
export interface DeniedIds {
  readonly uids: IdRanges;
  readonly gids: IdRanges;
}

/** A name or a number, with `:group` or without; nothing is the agent itself. */
export async function findUser(user: string): Promise<TaskUser> {
  const [name = "", group] = (user === "" ? String(process.getuid?.() ?? 0) : user).split(":");
  const entry = await entryOf("/etc/passwd", name);
  const uid = entry?.[2] ?? number(name);
  const gid =
    group === undefined
      ? (entry?.[3] ?? uid)
      : ((await entryOf("/etc/group", group))?.[2] ?? number(group));
  if (uid === undefined || gid === undefined) throw refusal(`unknown user "${user}"`);
  return { uid: Number(uid), gid: Number(gid), isListed: entry !== undefined };
}

/** The operator's word on who may run anything on this machine. */
export function checkUser({ uid, gid }: TaskUser, denied: DeniedIds): void {
  if (isInRanges(denied.uids, uid)) throw refusal(`running as uid ${uid} is disallowed`);
  if (isInRanges(denied.gids, gid)) throw refusal(`running as gid ${gid} is disallowed`);
}

/**
 * The words before a command that make it run as this user. The wrapper above it stays the agent's, since the task's
 * records are closed to everybody else.
 */
export function wordsToBecome(
  written: string,
  user: TaskUser,
  setpriv: string | undefined,
): readonly string[] {
  if (user.uid === process.getuid?.() && !written.includes(":")) return [];
  if (process.getuid?.() !== 0)
    throw refusal(`cannot run as user "${written}": the agent does not run as root`);
  if (setpriv === undefined)
    throw refusal(`cannot run as user "${written}": setpriv is not on this node`);
  return [setpriv, ...identityWords(user), "--"];
}

export const identityWords = ({ uid, gid, isListed }: TaskUser): readonly string[] => [
  "--reuid",
  String(uid),
  "--regid",
  String(gid),
  isListed ? "--init-groups" : "--clear-groups",
];

/** The line of a name, or of a number. */
async function entryOf(path: string, wanted: string): Promise<readonly string[] | undefined> {
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.split(":"));
  return lines.find(([name]) => name === wanted) ?? lines.find((fields) => fields[2] === wanted);
}

const number = (text: string): string | undefined => (/^\d+$/.test(text) ? text : undefined);
