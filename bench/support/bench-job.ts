import type { LiveAgent } from "../../test/support/live-agent.ts";
import { image, sleeper } from "./bare-docker.ts";

/** The body of a registration; a new `word` makes every allocation be replaced. */
export function sleepJob(
  id: string,
  count: number,
  options: { readonly word?: string; readonly update?: object; readonly memoryMb?: number } = {},
): object {
  const [command, ...args] = sleeper;
  return {
    Job: {
      ID: id,
      Name: id,
      Type: "service",
      Datacenters: ["*"],
      TaskGroups: [
        {
          Name: "group",
          Count: count,
          EphemeralDisk: { SizeMB: 10 },
          ...(options.update === undefined ? {} : { Update: options.update }),
          Tasks: [
            {
              Name: "task",
              Driver: "docker",
              Config: { image, command, args },
              Env: { WORD: options.word ?? "one" },
              LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
              Resources: { CPU: 20, MemoryMB: options.memoryMb ?? 32 },
            },
          ],
        },
      ],
    },
  };
}

export async function register(agent: LiveAgent, body: object): Promise<void> {
  const answer = await agent.send("PUT", "/v1/jobs", body);
  if (answer.status !== 200) throw new Error(`registration: ${answer.status} ${answer.text}`);
}
