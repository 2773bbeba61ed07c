import { readFile } from "node:fs/promises";

/** A user of this machine by name, or by numbers `uid[:gid]`; undefined when it has none of that name. */
export async function findSystemUser(
  user: string,
): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  const numbers = /^(\d+)(?::(\d+))?$/.exec(user);
  if (numbers) return { uid: Number(numbers[1]), gid: Number(numbers[2] ?? numbers[1]) };
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n");
  const fields = lines.map((line) => line.split(":")).find(([name]) => name === user);
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) };
}
