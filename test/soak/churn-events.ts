import { AppError } from "../../src/lib/errors.ts";
import type { AllocationId } from "../../src/model/ids.ts";
import type { EngineMode } from "./churn-engine.ts";
import type { ChurnWorld } from "./churn-world.ts";

const mostKnown = 40;

/** What an event may do to the world. */
export interface Hands {
  readonly world: ChurnWorld;
  place(before: AllocationId | undefined): boolean;
  live(): AllocationId | undefined;
  change(id: AllocationId, status: "run" | "stop"): void;
  forget(isOverOnly: boolean): boolean;
  known(): number;
  end(
    exit: { code: number; signal: number; oomKilled: boolean; message: string } | undefined,
  ): boolean;
  print(): boolean;
  loseNetwork(): boolean;
  refuse(error: AppError): void;
  fault(name: string, begin: () => void, end: () => void): void;
  setMode(mode: EngineMode): void;
  breakDb(isBroken: boolean): void;
  restart(id: AllocationId): Promise<void>;
  turnVariable(): void;
  dieSoon(): void;
  bounce(): Promise<void>;
}
export interface Event {
  readonly name: string;
  readonly weight: number;
  happen(hands: Hands): boolean | void | Promise<boolean | void>;
}

const exit = (code: number, oomKilled = false) => ({ code, signal: 0, oomKilled, message: "" });
const engineFault = (name: string, mode: EngineMode, weight: number): Event => ({
  name,
  weight,
  happen: (hands) => {
    hands.fault(
      "engine",
      () => hands.setMode(mode),
      () => hands.setMode("well"),
    );
  },
});
const refusal = (name: string, code: "image" | "driver", recoverable: boolean): Event => ({
  name,
  weight: 3,
  happen: (hands) => hands.refuse(new AppError(code, name, { fields: { recoverable } })),
});

export const events: readonly Event[] = [
  {
    name: "placed",
    weight: 14,
    happen: (hands) => hands.known() < mostKnown && hands.place(undefined),
  },
  {
    name: "replaced",
    weight: 8,
    happen: (hands) => {
      const id = hands.known() < mostKnown ? hands.live() : undefined;
      if (id === undefined) return false;
      hands.place(id);
      hands.change(id, "stop");
      return true;
    },
  },
  {
    name: "stopped",
    weight: 8,
    happen: (hands) => {
      const id = hands.live();
      if (id === undefined) return false;
      hands.change(id, "stop");
      return true;
    },
  },
  { name: "forgotten", weight: 20, happen: (hands) => hands.forget(true) },
  { name: "lost by the servers", weight: 1, happen: (hands) => hands.forget(false) },
  { name: "crashed", weight: 8, happen: (hands) => hands.end(exit(1)) },
  { name: "ended well", weight: 4, happen: (hands) => hands.end(exit(0)) },
  { name: "out of memory", weight: 3, happen: (hands) => hands.end(exit(137, true)) },
  { name: "removed by hand", weight: 4, happen: (hands) => hands.end(undefined) },
  { name: "network removed by hand", weight: 2, happen: (hands) => hands.loseNetwork() },
  { name: "printed", weight: 10, happen: (hands) => hands.print() },
  refusal("pull failed", "image", true),
  refusal("no space left on device", "driver", true),
  refusal("no such command", "driver", false),
  engineFault("engine down", "down", 2),
  engineFault("engine hung", "hung", 1),
  engineFault("engine answers 500", "failing", 1),
  {
    name: "answers lost",
    weight: 3,
    happen: (hands) =>
      hands.fault(
        "loss",
        () => (hands.world.engine.lossRate = 0.2),
        () => (hands.world.engine.lossRate = 0),
      ),
  },
  {
    name: "servers away",
    weight: 2,
    happen: (hands) =>
      hands.fault(
        "servers",
        () => (hands.world.source.isReachable = false),
        () => (hands.world.source.isReachable = true),
      ),
  },
  {
    name: "node.db full",
    weight: 2,
    happen: (hands) =>
      hands.fault(
        "db",
        () => hands.breakDb(true),
        () => hands.breakDb(false),
      ),
  },
  {
    name: "restart asked",
    weight: 4,
    happen: async (hands) => {
      const id = hands.live();
      if (id === undefined) return false;
      await hands.restart(id);
      return true;
    },
  },
  { name: "template changed", weight: 4, happen: (hands) => hands.turnVariable() },
  { name: "agent killed", weight: 4, happen: (hands) => hands.dieSoon() },
  { name: "agent restarted", weight: 1, happen: (hands) => hands.bounce() },
];
