import { assertNever } from "../../../lib/errors.ts";
import type { TypeSpec, Value } from "./value-types.ts";

export const anyType: TypeSpec = { kind: "any" };
export const textType: TypeSpec = { kind: "string" };
export const numberType: TypeSpec = { kind: "number" };
const boolType: TypeSpec = { kind: "bool" };

/** The type of a value with all of its parts. */
export function typeOf(value: Value): TypeSpec {
  switch (value.type) {
    case "null":
      return value.of;
    case "string":
      return textType;
    case "number":
      return numberType;
    case "bool":
      return boolType;
    case "tuple":
      return { kind: "tuple", items: value.items.map(typeOf) };
    case "object":
      return {
        kind: "object",
        attributes: new Map([...value.entries].map(([key, item]) => [key, typeOf(item)])),
      };
    case "list":
    case "set":
    case "map":
      return { kind: value.type, of: value.of };
    default:
      return assertNever(value);
  }
}

export const isSameType = (a: TypeSpec, b: TypeSpec): boolean =>
  a === b || typeKey(a) === typeKey(b);

/**
 * Whether values of one type may be brought to another. A text may still turn out to be no number, and a map to lack
 * an attribute.
 */
export function isConvertible(from: TypeSpec, to: TypeSpec): boolean {
  if (from.kind === "any" || to.kind === "any") return true;
  switch (to.kind) {
    case "string":
      return isPlain(from);
    case "number":
    case "bool":
      return from.kind === to.kind || from.kind === "string";
    case "list":
    case "set":
      return elementTypes(from)?.every((type) => isConvertible(type, to.of)) === true;
    case "map":
      return attributeTypes(from)?.every((type) => isConvertible(type, to.of)) === true;
    case "tuple":
      return (
        from.kind === "tuple" &&
        from.items.length === to.items.length &&
        from.items.every((type, at) => isConvertible(type, to.items[at] ?? anyType))
      );
    case "object":
      return (
        [...to.attributes].every(([name, wanted]) => {
          const type = attributeType(from, name);
          return type !== undefined && isConvertible(type, wanted);
        }) &&
        (from.kind === "object" || from.kind === "map")
      );
    default:
      return assertNever(to);
  }
}

/** A text that equal types share, and no others. */
export function typeKey(type: TypeSpec): string {
  switch (type.kind) {
    case "any":
    case "string":
    case "number":
    case "bool":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return `${type.kind}(${typeKey(type.of)})`;
    case "tuple":
      return `[${type.items.map(typeKey).join()}]`;
    case "object": {
      const names = [...type.attributes.keys()].sort();
      const typed = names.map(
        (name) => `${JSON.stringify(name)}:${typeKey(type.attributes.get(name) ?? anyType)}`,
      );
      return `{${typed.join()}}`;
    }
    default:
      return assertNever(type);
  }
}

const isPlain = ({ kind }: TypeSpec): boolean =>
  kind === "string" || kind === "number" || kind === "bool";

/** The types that elements of a list, set or tuple have. */
function elementTypes(type: TypeSpec): readonly TypeSpec[] | undefined {
  if (type.kind === "tuple") return type.items;
  return type.kind === "list" || type.kind === "set" ? [type.of] : undefined;
}

function attributeTypes(type: TypeSpec): readonly TypeSpec[] | undefined {
  if (type.kind === "object") return [...type.attributes.values()];
  return type.kind === "map" ? [type.of] : undefined;
}

/** The type of what an attribute or a key leads to; undefined where there is none. */
export function attributeType(type: TypeSpec, name: string): TypeSpec | undefined {
  if (type.kind === "object") return type.attributes.get(name);
  return type.kind === "map" ? type.of : undefined;
}
