import { abortReasonOf } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";
import { isDeepEqual } from "../lib/deep-equal.ts";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import type { DeviceGroupStats } from "../model/device.ts";
import type { NodeDeviceResource } from "../model/node.ts";

/** Knows one kind of devices. */
export interface DevicePlugin {
  readonly name: string;
  /** How often it is asked what there is. */
  readonly periodMs: number;
  /** Throws when it cannot tell: what was there before is then unwell, not gone. */
  fingerprint(signal: AbortSignal): Promise<readonly NodeDeviceResource[]>;
  stats(signal: AbortSignal): Promise<readonly DeviceGroupStats[]>;
}
export interface NodeDevicesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly plugins: readonly DevicePlugin[];
}

/** One that is out of order is wanted back before the usual turn. */
const recoveryMs = 10_000;
/** Who asks for figures again within this gets the same ones. */
const statsMs = 1_000;
const statsTimeoutMs = 5_000;

/** The devices of this machine, asked for again and again. */
export class NodeDevices {
  readonly #options: NodeDevicesOptions;
  readonly #log: Logger;
  readonly #loop: ReconcileLoop;
  readonly #known = new Map<string, readonly NodeDeviceResource[]>();
  readonly #failures = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #stats: { readonly atMs: number; readonly groups: Promise<DeviceGroupStats[]> } | undefined;

  constructor(options: NodeDevicesOptions) {
    this.#options = options;
    this.#log = options.log.child("devices");
    const { clock, random, log } = options;
    this.#loop = new ReconcileLoop(clock, random, log, {
      name: "devices",
      concurrency: 2,
      reconcile: (key, signal) => this.#ask(key, signal),
    });
  }

  start(): void {
    for (const { name } of this.#options.plugins) this.#loop.add(name);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Every plugin has answered once, or said that it cannot. */
  isSettled(): boolean {
    return this.#options.plugins.every(({ name }) => this.#known.has(name));
  }

  /** Resolves once it is settled. */
  settled(signal: AbortSignal): Promise<void> {
    if (this.isSettled()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stopListening = this.onChange(() => {
        if (!this.isSettled()) return;
        stopListening();
        signal.removeEventListener("abort", aborted);
        resolve();
      });
      const aborted = (): void => {
        stopListening();
        reject(abortReasonOf(signal));
      };
      signal.addEventListener("abort", aborted, { once: true });
    });
  }

  current(): readonly NodeDeviceResource[] {
    return this.#options.plugins.flatMap(({ name }) => this.#known.get(name) ?? []);
  }

  /** Called after each change; the listener only adds a key to a queue. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** What the devices are at now; a plugin that cannot tell is left out. */
  stats(): Promise<readonly DeviceGroupStats[]> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#stats && nowMs - this.#stats.atMs < statsMs) return this.#stats.groups;
    const able = this.#options.plugins.filter(
      ({ name }) => (this.#known.get(name) ?? []).length > 0,
    );
    const groups = Promise.all(able.map((plugin) => this.#statsOf(plugin))).then((all) =>
      all.flat(),
    );
    this.#stats = { atMs: nowMs, groups };
    return groups;
  }

  async #statsOf(plugin: DevicePlugin): Promise<readonly DeviceGroupStats[]> {
    try {
      return await plugin.stats(AbortSignal.timeout(statsTimeoutMs));
    } catch (thrown) {
      this.#log.debug({ plugin: plugin.name, error: errorText(thrown) }, "no device figures");
      return [];
    }
  }

  async #ask(name: string, signal: AbortSignal): Promise<Turn> {
    const plugin = this.#options.plugins.find((one) => one.name === name);
    if (!plugin) return { kind: "done" };
    const before = this.#known.get(name);
    let found: readonly NodeDeviceResource[];
    try {
      found = await plugin.fingerprint(signal);
      if (this.#failures.delete(name)) this.#log.info({ plugin: name }, "devices are told again");
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const reason = errorText(thrown);
      if (this.#failures.get(name) !== reason)
        this.#log.warn({ plugin: name, error: reason }, "devices cannot be told");
      this.#failures.set(name, reason);
      found = (before ?? []).map((group) => unwell(group, reason));
    }
    if (!isDeepEqual(before, found)) {
      this.#known.set(name, found);
      if (before !== undefined || found.length > 0) this.#tell(name, found);
      for (const listener of this.#listeners) listener();
    }
    const isFailing = this.#failures.has(name);
    const afterMs = isFailing ? Math.min(recoveryMs, plugin.periodMs) : plugin.periodMs;
    return { kind: "again", afterMs, reason: "fingerprint" };
  }

  #tell(plugin: string, groups: readonly NodeDeviceResource[]): void {
    const instances = groups.flatMap(({ Instances }) => Instances);
    const healthy = instances.filter(({ Healthy }) => Healthy).length;
    this.#log.info(
      { plugin, models: groups.map(({ Name }) => Name), instances: instances.length, healthy },
      "devices have changed",
    );
  }
}

const unwell = (group: NodeDeviceResource, reason: string): NodeDeviceResource => ({
  ...group,
  Instances: group.Instances.map((device) => ({
    ...device,
    Healthy: false,
    HealthDescription: reason,
  })),
});
