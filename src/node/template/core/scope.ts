/**
 * Which variables are seen where, settled while reading: each gets a place in the row of variables that belongs to
 * one run of a template. Place 0 is `$`.
 */
export class Scope {
  readonly #names: string[] = ["$"];

  declare(name: string): number {
    this.#names.push(name);
    return this.#names.length - 1;
  }

  find(name: string): number | undefined {
    const slot = this.#names.lastIndexOf(name);
    return slot < 0 ? undefined : slot;
  }

  get mark(): number {
    return this.#names.length;
  }

  /** Forgets what was declared since the mark was taken. */
  release(mark: number): void {
    this.#names.length = mark;
  }
}
