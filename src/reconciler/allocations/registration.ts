import type { TaskDriver } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { isDeepEqual } from "../../lib/deep-equal.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { formatInstant } from "../../lib/instant.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { Turn } from "../../lib/work-queue.ts";
import type { Node, NodeEvent } from "../../model/node.ts";
import { describeNode, hashText } from "../../node/fingerprint.ts";
import type {
  FingerprintedDriver,
  MachineFacts,
  NodeConfig,
  NodeIdentity,
} from "../../node/fingerprint.ts";
import type { NodeDevices } from "../../node/devices.ts";
import type { AllocationSource } from "../ports.ts";

const fingerprintMs = 30_000;
/** A driver that is out of order is wanted back: its recovery should not wait for the usual turn. */
const recoveryMs = 1_000;
const fingerprintTimeoutMs = 15_000;
const heartbeat = "heartbeat";
/** What a machine has changes rarely: memory is plugged in, a disk grows, an address comes. */
const machineMs = 60_000;
const machine = "machine";
const devicesKey = "devices";

export interface RegistrationOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly identity: NodeIdentity;
  readonly facts: MachineFacts;
  /** Asks the machine again. */
  readonly measure: () => Promise<MachineFacts>;
  readonly config: NodeConfig;
  /** Without it, the node has no devices. */
  readonly devices?: NodeDevices;
}

/**
 * Tells the servers that this node exists, what it can do and that it lives. Registers once every driver and every kind
 * of device has been asked, and again when one of them changes.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #log: Logger;
  readonly #loop: ReconcileLoop;
  readonly #drivers = new Map<string, FingerprintedDriver>();
  #facts: MachineFacts;
  #events: NodeEvent[] = [];
  #isRegistered = false;
  #node: Node;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#log = options.log.child("registration");
    this.#facts = options.facts;
    this.#node = this.#describe();
    this.#loop = new ReconcileLoop(options.clock, options.random, options.log, {
      name: "registration",
      concurrency: 4,
      backoff: { firstMs: 500, maxMs: 10_000 },
      reconcile: (key, signal) => {
        if (key === heartbeat) return this.#heartbeat();
        if (key === devicesKey) return this.#devicesChanged();
        return key === machine ? this.#measure() : this.#fingerprint(key, signal);
      },
    });
  }

  node(): Node {
    return this.#node;
  }

  start(): void {
    for (const name of this.#options.drivers.keys()) this.#loop.add(name);
    this.#options.devices?.onChange(() => {
      this.#loop.add(devicesKey);
    });
    this.#registerWhenReady();
    this.#loop.addAfter(machine, machineMs);
  }

  /** A call to this driver had no answer. One that is known to be out of order is asked often enough already. */
  doubt(name: string): void {
    if (this.#drivers.get(name)?.healthy === true) this.#loop.add(name);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #describe(): Node {
    const { identity, config } = this.#options;
    const facts = this.#facts;
    const drivers = [...this.#drivers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const devices = this.#options.devices?.current() ?? [];
    return describeNode({ identity, config, facts, drivers, devices, hash: hashText });
  }

  #registerWhenReady(): void {
    const { drivers, devices } = this.#options;
    if (this.#drivers.size === drivers.size && devices?.isSettled() !== false)
      this.#loop.add(heartbeat);
  }

  #devicesChanged(): Promise<Turn> {
    this.#node = this.#describe();
    this.#isRegistered = false;
    this.#registerWhenReady();
    return Promise.resolve({ kind: "done" });
  }

  /** Only what may change while a machine runs; the speed of its cores is another at each look. */
  async #measure(): Promise<Turn> {
    const { memoryBytes, storage, network } = await this.#options.measure();
    const facts = { ...this.#facts, memoryBytes, storage, network };
    if (!isDeepEqual(facts, this.#facts)) {
      this.#facts = facts;
      this.#node = this.#describe();
      this.#log.info({ memoryBytes, storage, network: network.device }, "the machine has changed");
      this.#isRegistered = false;
      this.#registerWhenReady();
    }
    return { kind: "again", afterMs: machineMs, reason: "machine" };
  }

  async #heartbeat(): Promise<Turn> {
    const { source, identity, random } = this.#options;
    if (!this.#isRegistered) await this.#register();
    try {
      const { ttlMs } = await source.heartbeat(identity.id);
      // Early enough that one lost beat and its repetition still come in time.
      const afterMs = Math.max(100, Math.round(ttlMs * (0.35 + random.fraction() * 0.15)));
      return { kind: "again", afterMs, reason: "heartbeat" };
    } catch (thrown) {
      // Servers that do not know the node (any more) have to hear from it in full.
      if (thrown instanceof AppError && thrown.code === "not-found") this.#isRegistered = false;
      throw thrown;
    }
  }

  async #register(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    try {
      await this.#options.source.registerNode({
        ...this.#node,
        Events: events.length > 0 ? events : null,
      });
    } catch (thrown) {
      this.#events = [...events, ...this.#events];
      throw thrown;
    }
    this.#isRegistered = true;
    this.#log.info({ nodeId: this.#node.ID, name: this.#node.Name }, "node registered");
  }

  async #fingerprint(name: string, signal: AbortSignal): Promise<Turn> {
    const driver = this.#options.drivers.get(name);
    if (!driver) return { kind: "done" };
    const found = await this.#ask(driver, signal);
    const before = this.#drivers.get(name);
    if (!before || isDifferent(before, found)) {
      this.#drivers.set(name, found);
      this.#node = this.#describe();
      // What was switched off on purpose is no news.
      if (before ? before.healthy !== found.healthy : isOutOfOrder(found)) this.#tellHealth(found);
      if (before && before.healthy !== found.healthy) this.#noteHealth(found);
      this.#isRegistered = false;
      this.#registerWhenReady();
    }
    const afterMs = found.detected && isOutOfOrder(found) ? recoveryMs : fingerprintMs;
    return { kind: "again", afterMs, reason: "fingerprint" };
  }

  async #ask(driver: TaskDriver, signal: AbortSignal): Promise<FingerprintedDriver> {
    const updateTime = formatInstant(this.#options.clock.nowNs());
    const wasDetected = this.#drivers.get(driver.name)?.detected ?? false;
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(fingerprintTimeoutMs)]);
    const fixed = { name: driver.name, makesNetworks: driver.networks !== undefined, updateTime };
    try {
      return { ...(await driver.fingerprint(timeout)), ...fixed };
    } catch (thrown) {
      return {
        ...fixed,
        detected: wasDetected,
        healthy: false,
        description: errorText(thrown),
        attributes: this.#drivers.get(driver.name)?.attributes ?? {},
      };
    }
  }

  #tellHealth({ name, healthy, description }: FingerprintedDriver): void {
    if (healthy) this.#log.info({ driver: name }, "driver is healthy again");
    else this.#log.warn({ driver: name, description }, "driver is not healthy");
  }

  #noteHealth(driver: FingerprintedDriver): void {
    this.#events.push({
      Message: driver.description,
      Subsystem: "Driver",
      Details: { driver: driver.name },
      Timestamp: driver.updateTime,
      CreateIndex: 0,
    });
  }
}

const isOutOfOrder = (driver: FingerprintedDriver): boolean =>
  !driver.healthy && driver.description !== "disabled";

function isDifferent(a: FingerprintedDriver, b: FingerprintedDriver): boolean {
  const text = (driver: FingerprintedDriver): string =>
    JSON.stringify([
      driver.detected,
      driver.healthy,
      driver.description,
      Object.entries(driver.attributes).sort(([x], [y]) => (x < y ? -1 : 1)),
    ]);
  return text(a) !== text(b);
}
