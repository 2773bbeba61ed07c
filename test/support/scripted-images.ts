import type { DriverImages, ImageListener, TaskDriver } from "../../src/drivers/port.ts";
import type { JsonMap } from "../../src/model/job.ts";

/** The images of a scripted engine: pulls wait for the test, removals do what it says. */
export class ScriptedImages {
  readonly here = new Set<string>();
  /** Every image that was pulled, in order. */
  readonly pulls: string[] = [];
  readonly removals: string[] = [];
  /** What a container has. */
  readonly held = new Set<string>();
  /** While set, pulls wait for it. */
  gate: Promise<void> | undefined;
  pullError: Error | undefined;
  readonly removeErrors: Error[] = [];
  keptUnusedMs: number | undefined = 180_000;
  readonly #listeners = new Set<ImageListener>();

  async pull(name: string, signal?: AbortSignal): Promise<void> {
    if (this.here.has(name)) return;
    this.pulls.push(name);
    const told = [...this.#listeners].map((bringing) => bringing(name, false));
    let id: string | undefined;
    try {
      if (this.gate)
        await Promise.race([
          this.gate,
          new Promise((_resolve, reject) => {
            signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
          }),
        ]);
      if (this.pullError) throw this.pullError;
      this.here.add(name);
      id = `id of ${name}`;
    } finally {
      for (const ended of told) ended(id);
    }
  }

  port(check: () => void): Pick<TaskDriver, "prepare" | "images"> {
    const images: DriverImages = {
      keptUnusedMs: this.keptUnusedMs,
      nameOf: imageOf,
      watch: (bringing) => {
        this.#listeners.add(bringing);
        return { close: () => this.#listeners.delete(bringing) };
      },
      find: async (name) => {
        check();
        return this.here.has(name) ? `id of ${name}` : undefined;
      },
      remove: async ({ name }) => {
        check();
        if (this.held.has(name)) return "held";
        const error = this.removeErrors.shift();
        if (error) throw error;
        this.removals.push(name);
        this.here.delete(name);
        return "removed";
      },
    };
    return {
      images,
      prepare: async ({ config }, notice, signal) => {
        check();
        const name = imageOf(config);
        if (name === undefined) return;
        notice({ message: "Downloading image", details: { image: name } });
        await this.pull(name, signal);
      },
    };
  }
}

const imageOf = (config: JsonMap): string | undefined =>
  typeof config["image"] === "string" ? config["image"] : undefined;
