import { CallFault } from "./faults.ts";
import { Dictionary, Structure, typeName } from "./value.ts";
import type { Method, Value } from "./value.ts";

/** How a name behind a dot is answered. */
export interface FieldRules {
  /** An absent key is a fault instead of no value. */
  readonly errMissingKey: boolean;
}

/** A field, key or method of a value; only a method takes arguments. */
export function fieldOf(
  receiver: Value,
  name: string,
  given: readonly Value[],
  rules: FieldRules,
): Value {
  if (receiver === undefined) {
    if (rules.errMissingKey) throw new CallFault(`nil data; no entry for key ${quoted(name)}`);
    return undefined;
  }
  if (receiver instanceof Dictionary || receiver instanceof Structure) {
    const method = receiver.methods.get(name);
    if (method !== undefined) return callMethod(method, name, given);
  }
  if (given.length > 0 && !(receiver instanceof Structure && !receiver.fields.has(name)))
    throw new CallFault(`${name} has arguments but cannot be invoked as function`);
  if (receiver instanceof Dictionary) return keyOf(receiver, name, rules);
  if (receiver instanceof Structure && receiver.fields.has(name)) return receiver.fields.get(name);
  throw new CallFault(`can't evaluate field ${name} in type ${typeName(receiver)}`);
}

function keyOf(receiver: Dictionary, name: string, { errMissingKey }: FieldRules): Value {
  if (receiver.entries.has(name)) return receiver.entries.get(name);
  if (errMissingKey) throw new CallFault(`map has no entry for key ${quoted(name)}`);
  return receiver.zero;
}

function callMethod(method: Method, name: string, given: readonly Value[]): Value {
  if (given.length < method.least || given.length > method.most)
    throw new CallFault(
      `wrong number of args for ${name}: want ${method.least} got ${given.length}`,
    );
  return method.call(given);
}

const quoted = (text: string): string => JSON.stringify(text);
