/**
 * Compares an answer with a recording as the recordings' READMEs say: placeholders stand for values of a kind, equal
 * numbers of `@uuid:N` for equal ids, null and a missing key are equal, scores are equal within 1e-9.
 */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}
/** Which id stands for which number; two numbers never mean the same id. */
export class Binding {
  readonly partial: PartialCompare;
  readonly #ids = new Map<string, string>();
  readonly #numbers = new Map<string, string>();

  constructor(partial: PartialCompare = "none") {
    this.partial = partial;
  }

  bind(number: string, id: string): boolean {
    const known = this.#ids.get(number);
    const owner = this.#numbers.get(id);
    if (known !== undefined || owner !== undefined) return known === id && owner === number;
    this.#ids.set(number, id);
    this.#numbers.set(id, number);
    return true;
  }

  idOf(number: string): string | undefined {
    return this.#ids.get(number);
  }
}
/** Where only the keys shown are compared: everywhere, or inside `Attributes` (and there texts may be missing). */
export type PartialCompare = "all" | "attributes" | "none";
type JsonObject = { readonly [key: string]: unknown };

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const inside: { readonly [placeholder: string]: string } = {
  "@ns": "\\d+",
  "@time": "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)",
  "@index": "[1-9]\\d*",
  "@int": "-?\\d+",
  "@number": "-?[\\d.]+(?:[a-zµ]+[\\d.]*)*",
  "@port": "\\d{1,5}",
  "@ip": "\\d{1,3}(?:\\.\\d{1,3}){3}",
  "@host": "[\\w.-]+",
  "@path": "\\S+?",
  "@hash": "\\S+?",
  "@version": "[\\w.+-]+",
  "@string": "[^]+?",
  "@bool": "true|false",
};
const placeholder =
  /@(?:uuid:\d+|ns|time|index|int|number|port|ip|host|path|hash|version|string|bool)\b/g;

export function differences(
  expected: unknown,
  actual: unknown,
  binding: Binding,
  path = "$",
): readonly Difference[] {
  const differs: readonly Difference[] = [{ path, expected, actual }];
  if (expected === null || expected === undefined)
    return actual === null || actual === undefined ? [] : differs;
  if (typeof expected === "string") return matchesText(expected, actual, binding) ? [] : differs;
  if (typeof expected === "number") return isNear(expected, actual, path) ? [] : differs;
  if (typeof expected === "boolean") return expected === actual ? [] : differs;
  if (Array.isArray(expected)) return listDifferences(expected, actual, binding, path);
  return objectDifferences(expected as JsonObject, actual, binding, path);
}

function isNear(expected: number, actual: unknown, path: string): boolean {
  if (typeof actual !== "number") return false;
  return /Scores?\b/.test(path) ? Math.abs(expected - actual) <= 1e-9 : expected === actual;
}

function listDifferences(
  expected: readonly unknown[],
  actual: unknown,
  binding: Binding,
  path: string,
): readonly Difference[] {
  if (!Array.isArray(actual)) return [{ path, expected, actual }];
  const all = expected.flatMap((item, at) =>
    differences(item, actual[at], binding, `${path}[${at}]`),
  );
  const isSample = binding.partial === "attributes" && path.includes(".NodeResources.");
  if (expected.length === actual.length || isSample) return all;
  return [{ path: `${path}.length`, expected: expected.length, actual: actual.length }, ...all];
}

function objectDifferences(
  expected: JsonObject,
  actual: unknown,
  binding: Binding,
  path: string,
): readonly Difference[] {
  if (typeof actual !== "object" || actual === null || Array.isArray(actual))
    return [{ path, expected, actual }];
  const given = actual as JsonObject;
  const found: Difference[] = [];
  const taken = new Set<string>();
  const isPartial =
    binding.partial === "all" || (binding.partial === "attributes" && path.includes(".Attributes"));
  for (const [key, value] of Object.entries(expected)) {
    if (isPartial && binding.partial === "attributes" && value === "@string" && !(key in given))
      continue;
    const name = keyFor(key, given, binding, taken);
    taken.add(name);
    found.push(...differences(value, given[name], binding, `${path}.${key}`));
  }
  if (isPartial) return found;
  for (const [key, value] of Object.entries(given))
    if (!taken.has(key) && value !== null && value !== undefined)
      found.push({ path: `${path}.${key}`, expected: undefined, actual: value });
  return found;
}

/** A key may itself be a placeholder: the first free key that it can stand for. */
function keyFor(
  key: string,
  given: JsonObject,
  binding: Binding,
  taken: ReadonlySet<string>,
): string {
  if (key in given || !key.includes("@")) return key;
  return (
    Object.keys(given).find((name) => !taken.has(name) && matchesText(key, name, binding)) ?? key
  );
}

export function matchesText(expected: string, actual: unknown, binding: Binding): boolean {
  if (!expected.includes("@")) return expected === actual;
  if (typeof actual === "number" || typeof actual === "boolean")
    return matchesValue(expected, actual);
  if (typeof actual !== "string") return false;
  const ids: string[] = [];
  let pattern = "";
  let at = 0;
  for (const found of expected.matchAll(placeholder)) {
    pattern += escapeText(expected.slice(at, found.index));
    const [word] = found;
    if (word.startsWith("@uuid:")) {
      ids.push(word);
      pattern += `(${uuid})`;
    } else pattern += `(?:${inside[word] ?? "[^]+?"})`;
    at = found.index + word.length;
  }
  const match = new RegExp(`^${pattern}${escapeText(expected.slice(at))}$`).exec(actual);
  return match !== null && ids.every((id, index) => binding.bind(id, match[index + 1] ?? ""));
}

function matchesValue(expected: string, actual: number | boolean): boolean {
  if (expected === "@bool") return typeof actual === "boolean";
  if (typeof actual !== "number") return false;
  if (expected === "@index") return Number.isInteger(actual) && actual > 0;
  if (expected === "@number") return true;
  return ["@ns", "@int", "@port"].includes(expected) && Number.isInteger(actual);
}

const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** `compare: "shape"`: the same keys, and values of the same types. `"keys"`: the same keys. */
export function shapeDifferences(
  expected: unknown,
  actual: unknown,
  how: "shape" | "keys",
  path = "$",
): readonly Difference[] {
  if (expected === null || expected === undefined) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [{ path, expected: "a list", actual }];
    const [sample] = expected;
    const compared = how === "keys" ? actual.slice(0, 1) : actual;
    return sample === undefined
      ? []
      : compared.flatMap((item, at) => shapeDifferences(sample, item, how, `${path}[${at}]`));
  }
  if (typeof expected === "object") {
    if (typeof actual !== "object" || actual === null)
      return [{ path, expected: "an object", actual }];
    return Object.entries(expected).flatMap(([key, value]) => {
      if (key === "@int")
        return Object.values(actual).flatMap((each) => shapeDifferences(value, each, how, path));
      if (!(key in actual)) return [{ path: `${path}.${key}`, expected: value, actual: undefined }];
      return shapeDifferences(value, (actual as JsonObject)[key], how, `${path}.${key}`);
    });
  }
  if (how === "keys") return [];
  return kindOf(expected) === kindOf(actual) ? [] : [{ path, expected, actual }];
}

function kindOf(value: unknown): string {
  if (typeof value !== "string") return typeof value;
  if (["@ns", "@int", "@index", "@number", "@port"].includes(value)) return "number";
  return value === "@bool" ? "boolean" : "string";
}
