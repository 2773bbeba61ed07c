import { Fault, FinalFault, SeveralFaults } from "./source.ts";

/** Thrown for what has no value yet and no fault either: the names of a `for` before there is an element. */
export class UnknownValue extends Error {
  constructor() {
    super("this value is not known yet");
    this.name = "UnknownValue";
  }
}

/** Nobody reads more of one expression, and a loop can be wrong in each of a million turns. */
const mostTold = 100;

/** What is wrong in the parts of one expression that do not depend on each other; each fault is kept once. */
export class Findings {
  readonly #stopsAtFirst: boolean;
  /** There most often are none, and every expression of every turn of a loop asks. */
  #faults: Map<string, Fault> | undefined;
  #isUnknown = false;

  /** Where only success matters the first fault is thrown at once. */
  constructor({ stopsAtFirst }: { readonly stopsAtFirst?: boolean }) {
    this.#stopsAtFirst = stopsAtFirst === true;
  }

  /** What the step gives, or undefined when something is wrong in it, which `settle` then throws. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (thrown) {
      this.#keep(thrown);
      return undefined;
    }
  }

  /** Whether something is wrong, and not only unknown. */
  get isFaulty(): boolean {
    return this.#faults !== undefined;
  }

  /** Throws what was found; nothing when every step has given something. */
  settle(): void {
    if (this.#faults !== undefined) {
      const [first, ...others] = this.#faults.values();
      if (first !== undefined) throw others.length === 0 ? first : new SeveralFaults(first, others);
    }
    if (this.#isUnknown) throw new UnknownValue();
  }

  #keep(thrown: unknown): void {
    if (thrown instanceof UnknownValue) {
      this.#isUnknown = true;
      return;
    }
    if (!canBePassed(thrown) || this.#stopsAtFirst) throw thrown;
    this.#faults ??= new Map();
    for (const fault of thrown.all) {
      const { range, message } = fault;
      const key = `${range?.source.name} ${range?.start} ${range?.end} ${message}`;
      if (!this.#faults.has(key)) this.#faults.set(key, fault);
    }
    if (this.#faults.size >= mostTold) this.settle();
  }
}

/** A final fault ends everything, as does what is no fault of the text at all. */
const canBePassed = (thrown: unknown): thrown is Fault =>
  thrown instanceof Fault && !(thrown instanceof FinalFault);

export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "faulty"; readonly fault: Fault }
  | { readonly kind: "unknown" };

/** Runs a step whose fault may turn out not to matter. A final fault always does. */
export function outcomeOf<T>(step: () => T): Outcome<T> {
  try {
    return { kind: "done", value: step() };
  } catch (thrown) {
    if (thrown instanceof UnknownValue) return { kind: "unknown" };
    if (!canBePassed(thrown)) throw thrown;
    return { kind: "faulty", fault: thrown };
  }
}

/** What the outcome stands for: its value, or what was thrown. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === "done") return outcome.value;
  throw outcome.kind === "faulty" ? outcome.fault : new UnknownValue();
}
