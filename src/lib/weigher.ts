/** What has fewer parts than this is worked on in one go: some tenths of a millisecond. */
const mostParts = 2000;
/** So many characters of a text weigh as much as one part. */
const charactersPerPart = 64;

/**
 * Tells what is small, so that it can be worked on at once, from what is better taken apart. Stops looking when it has
 * seen enough, and remembers what was too much: asking for each part of a large value again costs little, even where
 * counting up the keys of one takes milliseconds.
 */
export class Weigher {
  /** Nothing that JSON would leave out or change has been seen. */
  survivesJson = true;
  readonly #large = new WeakSet();

  isSmall(value: unknown): boolean {
    return this.#roomLeft(value, mostParts) >= 0;
  }

  #roomLeft(value: unknown, room: number): number {
    if (typeof value === "string") return room - 1 - value.length / charactersPerPart;
    if (typeof value !== "object" || value === null) {
      if (!survives(value)) this.survivesJson = false;
      return room - 1;
    }
    if (this.#large.has(value)) return -1;
    const left = Array.isArray(value)
      ? this.#roomAfterList(value, room - 1)
      : this.#roomAfterObject(value, room - 1);
    if (left < 0 && room > mostParts / 2) this.#large.add(value);
    return left;
  }

  #roomAfterList(list: readonly unknown[], room: number): number {
    let left = room;
    for (let at = 0; at < list.length && left >= 0; at++) left = this.#roomLeft(list[at], left);
    return left;
  }

  #roomAfterObject(value: object, room: number): number {
    if (Object.getPrototypeOf(value) !== Object.prototype) this.survivesJson = false;
    const fields = value as Readonly<Record<string, unknown>>;
    let left = room;
    for (const key in fields) {
      left = this.#roomLeft(fields[key], left - key.length / charactersPerPart);
      if (left < 0) break;
    }
    return left;
  }
}

/** For a single question. */
export const isSmall = (value: unknown): boolean => new Weigher().isSmall(value);

const survives = (value: unknown): boolean =>
  typeof value === "number"
    ? Number.isFinite(value) && !Object.is(value, -0)
    : value === null || typeof value === "boolean";
