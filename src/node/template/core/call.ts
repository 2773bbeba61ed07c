import type { Budget } from "./budget.ts";
import type { Host } from "./host-types.ts";
import { CallFault } from "./faults.ts";
import type { Lookups } from "./lookups.ts";
import { Structure, typeName } from "./value.ts";
import type { Value } from "./value.ts";

/** What a function may use besides its arguments. */
export interface Calling {
  readonly budget: Budget;
  readonly host: Host;
  readonly lookups: Lookups;
  /** Values that templates keep for themselves, for one rendering. */
  readonly scratch: Map<string, Value>;
}

export interface TemplateFunction {
  readonly least: number;
  /** Infinity where the last parameter repeats. */
  readonly most: number;
  readonly call: (given: Arguments, calling: Calling) => Value;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** The arguments of one call, read as what the function wants them to be. */
export class Arguments {
  readonly all: readonly Value[];

  constructor(all: readonly Value[]) {
    this.all = all;
  }

  get count(): number {
    return this.all.length;
  }

  get last(): number {
    return this.all.length - 1;
  }

  any(at: number): Value {
    return this.all[at];
  }

  text(at: number): string {
    return asText(this.all[at]);
  }

  whole(at: number): bigint {
    const value = this.all[at];
    if (typeof value === "bigint") return value;
    throw wrongType("int", value);
  }

  /** A whole number that fits where places and lengths are counted. */
  count32(at: number): number {
    const value = this.whole(at);
    if (value > 0x7fffffffn || value < -0x80000000n)
      throw new CallFault(`the number ${value} is too large here`);
    return Number(value);
  }

  list(at: number): readonly Value[] {
    const value = this.all[at];
    if (Array.isArray(value)) return value as readonly Value[];
    throw wrongType("list", value);
  }

  texts(at: number): readonly string[] {
    return this.list(at).map(asText);
  }
}

/** Items of Nomad variables count as the text that they show. */
export function asText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Structure && value.text !== undefined) return value.text;
  throw wrongType("string", value);
}

export const wrongType = (wanted: string, value: Value): CallFault =>
  new CallFault(`wrong type for value; expected ${wanted}; got ${typeName(value)}`);

/** For functions that take a fixed number of arguments. */
export const exactly = (count: number, call: TemplateFunction["call"]): TemplateFunction => ({
  least: count,
  most: count,
  call,
});

export const between = (
  least: number,
  most: number,
  call: TemplateFunction["call"],
): TemplateFunction => ({ least, most, call });

type MakeText = (text: string, calling: Calling) => string;

/** From one text, which is copied or searched as a whole. */
export const textFunction = (make: MakeText): TemplateFunction => fromText(make, "read");

/** From one text, of which each character is looked at. */
export const scanFunction = (make: MakeText): TemplateFunction => fromText(make, "scan");

function fromText(make: MakeText, how: "read" | "scan"): TemplateFunction {
  return exactly(1, (given, calling) => {
    const text = given.text(0);
    calling.budget[how](text.length);
    const made = make(text, calling);
    calling.budget.produce(made.length);
    return made;
  });
}
