import type { Budget } from "./budget.ts";
import { formatValue, plainVerb } from "./format-verb.ts";
import type { Verb } from "./format-verb.ts";
import { typeName } from "./value.ts";
import type { Value } from "./value.ts";

/** Beyond this, widths and precisions are taken for nonsense. */
const largestNumber = 1_000_000;

/** Formats as the language's own printf; what does not fit is named in the text, and never a fault. */
export function printf(format: string, values: readonly Value[], budget: Budget): string {
  budget.read(format.length);
  return new Printf(format, values, budget).run();
}

class Printf {
  readonly #format: string;
  readonly #values: readonly Value[];
  readonly #budget: Budget;
  #at = 0;
  #next = 0;
  #wasReordered = false;
  #isGoodPlace = true;

  constructor(format: string, values: readonly Value[], budget: Budget) {
    this.#format = format;
    this.#values = values;
    this.#budget = budget;
  }

  run(): string {
    let out = "";
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf("%", this.#at);
      const end = percent < 0 ? this.#format.length : percent;
      out += this.#format.slice(this.#at, end);
      if (percent < 0) break;
      this.#at = end + 1;
      out += this.#verb();
    }
    if (!this.#wasReordered && this.#next < this.#values.length) out += this.#extra();
    this.#budget.produce(out.length);
    return out;
  }

  #verb(): string {
    this.#isGoodPlace = true;
    const flags = this.#flags();
    let faults = "";
    let afterPlace = this.#place();
    const width = this.#star() ?? this.#number(afterPlace);
    if (width === "bad") faults += "%!(BADWIDTH)";
    if (typeof width === "number") afterPlace = false;
    let precision: number | undefined;
    if (this.#format[this.#at] === ".") {
      this.#at++;
      if (afterPlace) this.#isGoodPlace = false;
      afterPlace = this.#place();
      const read = this.#star() ?? this.#number(afterPlace) ?? 0;
      if (read === "bad" || read < 0) faults += "%!(BADPREC)";
      else precision = read;
      if (read === "bad") precision = undefined;
    }
    if (!afterPlace) this.#place();
    const letter = this.#letter();
    if (letter === undefined) return `${faults}%!(NOVERB)`;
    const isLeft = flags.minus || (typeof width === "number" && width < 0);
    return (
      faults +
      this.#formatted({
        ...flags,
        letter,
        plus: flags.plus && letter !== "v",
        sharp: flags.sharp && letter !== "v",
        named: flags.plus && letter === "v",
        source: flags.sharp && letter === "v",
        minus: isLeft,
        zero: flags.zero && !isLeft,
        width: typeof width === "number" ? Math.abs(width) : undefined,
        precision,
      })
    );
  }

  #flags(): Verb {
    const seen = new Set<string>();
    while ("#0+- ".includes(this.#format[this.#at] ?? "x")) {
      seen.add(this.#format[this.#at] ?? "");
      this.#at++;
    }
    return {
      ...plainVerb,
      minus: seen.has("-"),
      plus: seen.has("+"),
      sharp: seen.has("#"),
      space: seen.has(" "),
      zero: seen.has("0"),
    };
  }

  /** `[2]`: which value comes next, counted from one. */
  #place(): boolean {
    if (this.#format[this.#at] !== "[") return false;
    this.#wasReordered = true;
    const end = this.#format.indexOf("]", this.#at);
    const text = end < 0 ? "" : this.#format.slice(this.#at + 1, end);
    this.#at = end < 0 ? this.#at + 1 : end + 1;
    const place = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
    if (place < 1 || place > this.#values.length) this.#isGoodPlace = false;
    else {
      this.#next = place - 1;
      return true;
    }
    return end >= 0 && /^[0-9]+$/.test(text);
  }

  /** `*`: the number is the next value. */
  #star(): number | "bad" | undefined {
    if (this.#format[this.#at] !== "*") return undefined;
    this.#at++;
    const value = this.#values[this.#next++];
    if (typeof value !== "bigint") return "bad";
    const isFitting = value <= BigInt(largestNumber) && value >= -BigInt(largestNumber);
    return isFitting ? Number(value) : "bad";
  }

  #number(isAfterPlace: boolean): number | undefined {
    const digits = /^[0-9]+/.exec(this.#format.slice(this.#at, this.#at + 4_096))?.[0];
    if (digits === undefined) return undefined;
    if (isAfterPlace) this.#isGoodPlace = false;
    // A number that is too long leaves nothing of the format to read on with.
    const isTooLarge = Number(digits) > largestNumber;
    this.#at = isTooLarge ? this.#format.length : this.#at + digits.length;
    return isTooLarge ? undefined : Number(digits);
  }

  #letter(): string | undefined {
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) return undefined;
    const letter = String.fromCodePoint(code);
    this.#at += letter.length;
    return letter;
  }

  #formatted(verb: Verb): string {
    if (verb.letter === "%") return "%";
    if (!this.#isGoodPlace) return `%!${verb.letter}(BADINDEX)`;
    if (this.#next >= this.#values.length) return `%!${verb.letter}(MISSING)`;
    const value = this.#values[this.#next++];
    return formatValue(value, verb, this.#budget);
  }

  #extra(): string {
    const rest = this.#values
      .slice(this.#next)
      .map((value) =>
        value === undefined
          ? "<nil>"
          : `${typeName(value)}=${formatValue(value, plainVerb, this.#budget)}`,
      );
    return `%!(EXTRA ${rest.join(", ")})`;
  }
}
