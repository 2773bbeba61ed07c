import type { Budget } from "./limits.ts";
import type { Range } from "./source.ts";
import type { TypeSpec, Value } from "./value-types.ts";

/** A function of the language. Arguments arrive converted; anything it throws as `CallFault` becomes a fault. */
export interface LanguageFunction {
  readonly params: readonly ParameterSpec[];
  /** What arguments beyond `params` must be; without it there may be none. */
  readonly rest?: ParameterSpec;
  readonly call: (args: readonly Value[]) => Value;
  /** How much work a call is when it is more than going through its arguments and its result once. */
  readonly work?: (args: readonly Value[]) => number;
}
/** `nullable` takes anything, null too; the others refuse null. */
export type ParameterSpec = TypeSpec | { readonly kind: "nullable" };
export type FunctionTable = ReadonlyMap<string, LanguageFunction>;

/** What a function refuses; `index` names the argument at fault. */
export class CallFault extends Error {
  readonly index: number | undefined;

  constructor(message: string, index?: number) {
    super(message);
    this.name = "CallFault";
    this.index = index;
  }
}

/** A root name whose attributes are looked up one by one, as `var` and `local` are. */
export interface Namespace {
  readonly get: (name: string, range: Range) => Value | undefined;
  readonly names: () => readonly string[];
}
export interface Scope {
  readonly functions: FunctionTable;
  readonly names: ReadonlyMap<string, Value>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Whether names nobody declared stay in the text as `${...}` for the node to fill in. */
  readonly keepsUnknown: boolean;
  readonly budget: Budget;
  /** Names of a loop that has no element to give them a value. */
  readonly unknownNames?: ReadonlySet<string>;
  /** Whether one fault is enough, as in `try` and `can`; else all independent ones are found. */
  readonly stopsAtFirst?: boolean;
}

export function withNames(scope: Scope, names: readonly (readonly [string, Value])[]): Scope {
  const inner = { ...scope, names: new Map([...scope.names, ...names]) };
  if (scope.unknownNames === undefined) return inner;
  const known = new Set(names.map(([name]) => name));
  const unknownNames = [...scope.unknownNames].filter((name) => !known.has(name));
  return { ...inner, unknownNames: new Set(unknownNames) };
}

/** A scope of its own for the turns of a loop, and its names for the loop to set. */
export function inTurn(
  scope: Scope,
  loopNames: readonly string[],
): { readonly inner: Scope; readonly names: Map<string, Value> } {
  const names = new Map(scope.names);
  if (scope.unknownNames === undefined) return { inner: { ...scope, names }, names };
  const unknownNames = new Set(scope.unknownNames);
  for (const name of loopNames) unknownNames.delete(name);
  return { inner: { ...scope, names, unknownNames }, names };
}

/** A scope in which a loop's names exist and have no value. */
export function withUnknown(scope: Scope, names: readonly string[]): Scope {
  return { ...scope, unknownNames: new Set([...(scope.unknownNames ?? []), ...names]) };
}
