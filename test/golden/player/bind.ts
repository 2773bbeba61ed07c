import { type Binding, matchesText } from "./match.ts";
import type { World } from "./world.ts";

interface Known {
  readonly Name?: string;
  readonly JobID?: string;
  readonly JobVersion?: number;
  readonly Job?: { readonly Version: number };
  readonly TriggeredBy?: string;
  readonly Target?: { readonly Job?: string };
}

/** Whether each id that stood for a `@uuid:N` is the object that the recording says it is. */
export async function bindFaults(
  world: World,
  bind: { readonly [number: string]: string },
  binding: Binding,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [number, wanted] of Object.entries(bind)) {
    const id = binding.idOf(number);
    if (id === undefined) continue;
    const found = await objectText(world, wanted, id);
    if (!matchesText(await world.fill(wanted), found, binding))
      faults.push(`${number} is ${found}, wanted ${wanted}`);
  }
  return faults;
}

/** An object as the recordings name it. */
async function objectText(world: World, wanted: string, id: string): Promise<string> {
  const [kind = ""] = wanted.split(" ");
  switch (kind) {
    case "allocation": {
      const { Name, Job } = await read(world, `/v1/allocation/${id}`);
      return `allocation ${Name} of job version ${Job?.Version}`;
    }
    case "evaluation": {
      const { JobID, TriggeredBy } = await read(world, `/v1/evaluation/${id}`);
      return `evaluation ${JobID} ${TriggeredBy}`;
    }
    case "deployment": {
      const { JobID, JobVersion } = await read(world, `/v1/deployment/${id}`);
      return `deployment ${JobID} of job version ${JobVersion}`;
    }
    case "scaling":
      return `scaling policy ${(await read(world, `/v1/scaling/policy/${id}`)).Target?.Job}`;
    default:
      return id;
  }
}

async function read(world: World, path: string): Promise<Known> {
  const answer = await world.ask("GET", path);
  return answer.status === 200 ? (JSON.parse(answer.text) as Known) : {};
}
