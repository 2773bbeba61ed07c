import Docker from "dockerode";

const docker = new Docker();
const label = `bench-${process.pid}`;
export const image = "busybox:1.36";
export const sleeper = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1000 & wait $!; done"];

export type Bare = Docker.Container;

/** What the agent's docker driver asks of the engine for the same task, by hand. */
export async function startBare(): Promise<Bare> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: sleeper,
    Labels: { bench: label },
    HostConfig: {
      Memory: 32 * 2 ** 20,
      MemorySwap: 32 * 2 ** 20,
      CpuShares: 20,
      LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "2m" } },
    },
  });
  await container.start();
  return container;
}

export async function stopBare(container: Bare): Promise<void> {
  await container.stop({ t: 5 });
  await container.remove({ force: true });
}

/** Runs `work` `count` times, `parallel` at once, and answers what they gave. */
export async function inParallel<T>(
  count: number,
  parallel: number,
  work: (n: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(parallel, count) }, async () => {
      while (next < count) {
        const n = next;
        next += 1;
        results.push(await work(n));
      }
    }),
  );
  return results;
}
