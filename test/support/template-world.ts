import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { silentLogger } from "../../src/lib/logger.ts";
import type { StringMap, Template } from "../../src/model/job.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import type { TaskPaths } from "../../src/node/alloc-directory.ts";
import { createTaskTemplates } from "../../src/node/templates.ts";
import type {
  FirstRender,
  ServiceData,
  TaskTemplates,
  TemplateChange,
  VariableData,
} from "../../src/node/templates.ts";
import type { TemplateThread } from "../../src/node/template-work.ts";
import { FakeClock, settle } from "./fake-clock.ts";

/** One task's folders on a real disk, with variables in memory and a clock that is moved by hand. */
export class TemplateWorld {
  readonly clock = new FakeClock();
  readonly variables = new Map<string, Readonly<Record<string, string>>>();
  readonly notices: string[] = [];
  readonly changes: TemplateChange[] = [];
  services: readonly ServiceData[] = [];
  readonly paths: TaskPaths;
  readonly root: string;
  /** What chance gives. */
  fraction = 0.5;
  watchers = 0;
  readonly #watching = new Set<() => void>();
  readonly #abort = new AbortController();

  private constructor(root: string, paths: TaskPaths) {
    this.root = root;
    this.paths = paths;
  }

  static async open(): Promise<TemplateWorld> {
    const root = mkdtempSync(join(tmpdir(), "templates-"));
    const paths = await new AllocationDirectories(join(root, "alloc")).build("a1", "web");
    const world = new TemplateWorld(root, paths);
    onTestFinished(() => {
      world.#abort.abort(new Error("over"));
      rmSync(root, { recursive: true, force: true });
    });
    return world;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  templates(
    templates: readonly Template[],
    over: {
      readonly env?: StringMap;
      readonly names?: StringMap;
      readonly thread?: TemplateThread;
    } = {},
  ): TaskTemplates {
    const names = over.names ?? {};
    return createTaskTemplates(
      this.clock,
      { fraction: () => this.fraction, uuid: () => "" },
      silentLogger,
      {
        templates,
        env: over.env ?? {},
        interpolate: (text) =>
          text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole),
        paths: this.paths,
        home: { namespace: "default", region: "global" },
        sources: {
          variable: ({ path, namespace }) => this.#variable(namespace, path),
          variables: () => [],
          service: () => this.services,
          services: () => [],
          watch: (changed) => {
            this.watchers++;
            this.#watching.add(changed);
            return () => {
              this.watchers--;
              this.#watching.delete(changed);
            };
          },
        },
        notice: (message) => this.notices.push(message),
        ...(over.thread === undefined ? {} : { thread: over.thread }),
      },
    );
  }

  #variable(namespace: string, path: string): VariableData | "absent" {
    const items = this.variables.get(path);
    if (items === undefined) return "absent";
    const times = { createIndex: 1, modifyIndex: 1, createTimeNs: 0n, modifyTimeNs: 0n };
    return { namespace, path, items, ...times };
  }

  /** Renders without anything missing. */
  async first(templates: TaskTemplates): Promise<FirstRender> {
    return await templates.renderFirst(this.signal);
  }

  /** Follows until the test is over; changes are kept. */
  follow(templates: TaskTemplates, isRestored = false): Promise<unknown> {
    return templates
      .follow({
        isRestored,
        act: (change) => {
          this.changes.push(change);
          return Promise.resolve();
        },
        signal: this.signal,
      })
      .catch((thrown: unknown) => thrown);
  }

  set(path: string, items: Readonly<Record<string, string>>): void {
    this.variables.set(path, items);
    this.note();
  }

  note(): void {
    for (const changed of this.#watching) changed();
  }

  /** Moves the clock on in small steps, giving the disk its time in between. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      await this.clock.advance(Math.min(left, 100));
      await this.quiet();
    }
  }

  /** Until nothing waits for the disk any more, several looks in a row. */
  async quiet(): Promise<void> {
    for (let looks = 0; looks < 5; looks++) {
      await settle();
      if (process.getActiveResourcesInfo().some((name) => /^FSReq|CloseReq/.test(name))) looks = 0;
    }
  }
}
