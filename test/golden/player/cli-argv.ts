import { join } from "node:path";
import { type AllocationStub, dataDir, type World } from "./world.ts";

/** Where the job files of the recordings lie; these folders are no part of what is compared. */
export const fileFolders = [join(dataDir, "cli", "files"), join(dataDir, "state")] as const;

/** Replaces the tokens of one word; what else is in braces is a template of the command itself. */
export async function fillWord(world: World, word: string): Promise<string> {
  let filled = word;
  for (const [whole, name = "", argument = ""] of word.matchAll(
    /\{(alloc8|alloc8first|node8|deployment8|eval8|policy8|child|file|tmp)(?::([^{}]*))?\}/g,
  ))
    filled = filled.replace(whole, await valueOf(world, name, argument));
  return filled;
}

async function valueOf(world: World, name: string, argument: string): Promise<string> {
  switch (name) {
    case "tmp":
      return join(fileFolders[0], argument);
    case "file":
      return join(fileFolders[1], `${argument}.nomad.hcl`);
    case "child":
      return world.fill(`{child:${argument}}`);
    case "alloc8":
    case "alloc8first": {
      const found = await allocation(world, argument, name === "alloc8first");
      if (found === undefined) throw new Error(`there is no allocation ${argument}`);
      return found.ID.slice(0, 8);
    }
    default: {
      const long = name.replace("8", "");
      return (await world.fill(argument === "" ? `{${long}}` : `{${long}:${argument}}`)).slice(
        0,
        8,
      );
    }
  }
}

/** The newest of that name that should run, else the newest; `NAME@V`: of job version V. */
async function allocation(
  world: World,
  argument: string,
  oldest: boolean,
): Promise<AllocationStub | undefined> {
  const [name = "", version] = argument.split("@");
  const all = (await world.json<AllocationStub[]>("/v1/allocations?namespace=*"))
    .filter((one) => one.Name === name)
    .filter((one) => version === undefined || one.JobVersion === Number(version))
    .toSorted((a, b) => a.CreateIndex - b.CreateIndex);
  if (oldest) return all[0];
  return all.findLast((one) => one.DesiredStatus === "run") ?? all.at(-1);
}
