import { LimitFault } from "./faults.ts";

export interface Limits {
  /** Statements, calls and elements looked at; long texts count by their length. */
  readonly steps: number;
  /** Characters of all texts made, the output among them. */
  readonly characters: number;
  /** Blocks and templates within one another, and lists within lists when they are printed. */
  readonly depth: number;
  /** One action is done in one go, so it may take only so many steps. */
  readonly actionSteps?: number;
}

export const defaultLimits: Limits = {
  steps: 2_000_000,
  characters: 8 * 1024 * 1024,
  depth: 200,
};

/** So many characters are searched, looked at one by one, or made in the time of one step. */
const copiedPerStep = 64;
const scannedPerStep = 2;
const madePerStep = 256;
const stepsPerSlice = 2_000;
const stepsPerAction = 50_000;

/** What one rendering may still use: counted, not timed, so that the same template ends the same way everywhere. */
export class Budget {
  readonly #limits: Limits;
  #steps = 0;
  #characters = 0;
  #depth = 0;
  #sliceEnd = stepsPerSlice;
  #isActionTooLong = false;

  constructor(limits: Limits = defaultLimits) {
    this.#limits = limits;
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#limits.steps)
      throw new LimitFault(`the template takes more than ${this.#limits.steps} steps`);
    const { actionSteps = stepsPerAction } = this.#limits;
    if (this.#steps <= this.#sliceEnd + actionSteps) return;
    this.#isActionTooLong = true;
    throw new LimitFault(`one action takes more than ${actionSteps} steps`);
  }

  /** Before a text of this length is searched or copied. */
  read(characters: number): void {
    this.spend(1 + Math.floor(characters / copiedPerStep));
  }

  /** Before each character of such a text is looked at by itself. */
  scan(characters: number): void {
    this.spend(1 + Math.floor(characters / scannedPerStep));
  }

  /** Before a text of this length is made. */
  produce(characters: number): void {
    this.#characters += characters;
    if (this.#characters > this.#limits.characters)
      throw new LimitFault(
        `the template makes texts of more than ${this.#limits.characters} characters`,
      );
    this.spend(Math.floor(characters / madePerStep));
  }

  enter(): void {
    this.#depth++;
    if (this.#depth > this.#limits.depth)
      throw new LimitFault(`the template goes deeper than ${this.#limits.depth} levels`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Has enough been done since the last time that others should have their turn? */
  isSliceOver(): boolean {
    if (this.#steps < this.#sliceEnd) return false;
    this.#sliceEnd = this.#steps + stepsPerSlice;
    return true;
  }

  /** Was it one action that took too much? Elsewhere it may be done. */
  get isActionTooLong(): boolean {
    return this.#isActionTooLong;
  }

  get steps(): number {
    return this.#steps;
  }
}
