import type { Json } from "../../../../lib/json.ts";
import type { Budget } from "../budget.ts";
import { exactly } from "../call.ts";
import type { FunctionTable } from "../call.ts";
import { CallFault } from "../faults.ts";
import { parseDecimal } from "../literals.ts";
import { Dictionary } from "../value.ts";
import type { Value } from "../value.ts";

const trueTexts = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const falseTexts = new Set(["0", "f", "F", "FALSE", "false", "False"]);

const longestNumber = 100;

/** From text to values. An empty text is the zero of what it should be. */
export const parseFunctions: FunctionTable = {
  parseBool: exactly(1, (given) => {
    const text = given.text(0);
    if (text === "" || falseTexts.has(text)) return false;
    if (trueTexts.has(text)) return true;
    throw new CallFault(
      `parseBool: parsing ${JSON.stringify(text.slice(0, longestNumber))}: invalid syntax`,
    );
  }),
  parseInt: exactly(1, (given) => parseWholeText("parseInt", given.text(0))),
  parseUint: exactly(1, (given) => parseWholeText("parseUint", given.text(0))),
  parseFloat: exactly(1, (given) => {
    const text = given.text(0);
    if (text === "") return 0;
    const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
    if (named?.[2] !== undefined)
      return named[2].toLowerCase() === "nan"
        ? Number.NaN
        : named[1] === "-"
          ? -Infinity
          : Infinity;
    const value = text.length > longestNumber ? undefined : parseDecimal(text);
    if (value === undefined)
      throw new CallFault(
        `parseFloat: parsing ${JSON.stringify(text.slice(0, longestNumber))}: invalid syntax`,
      );
    return value;
  }),
  parseJSON: exactly(1, (given, { budget }) => parseJson(given.text(0), budget)),
  parseYAML: exactly(1, (given, { budget, host }) => {
    const text = given.text(0);
    if (text.trim() === "") return new Dictionary(new Map());
    if (host.parseYaml === undefined)
      throw new CallFault("not supported: parseYAML has no reader here; use parseJSON");
    budget.read(text.length * 16);
    try {
      return valueOfJson(host.parseYaml(text), budget, "whole");
    } catch (thrown) {
      throw thrown instanceof CallFault ? thrown : new CallFault(reasonOf(thrown));
    }
  }),
};

function parseWholeText(name: string, text: string): bigint {
  if (text === "") return 0n;
  const isUnsigned = name === "parseUint";
  if (!(isUnsigned ? /^[0-9]+$/ : /^[+-]?[0-9]+$/).test(text) || text.length > longestNumber)
    throw new CallFault(
      `${name}: parsing ${JSON.stringify(text.slice(0, longestNumber))}: invalid syntax`,
    );
  const value = BigInt(text.replace(/^\+/, ""));
  const [least, most] = isUnsigned ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  if (value < least || value > most)
    throw new CallFault(
      `${name}: parsing ${JSON.stringify(text.slice(0, longestNumber))}: value out of range`,
    );
  return value;
}

export function parseJson(text: string, budget: Budget): Value {
  if (text === "") return new Dictionary(new Map());
  budget.read(text.length);
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch (thrown) {
    // The engine's own words quote the text, which may be a secret.
    const place = /position \d+/.exec(reasonOf(thrown))?.[0];
    throw new CallFault(`the text is no JSON${place === undefined ? "" : ` at ${place}`}`);
  }
  return valueOfJson(parsed, budget, "double");
}

/** Numbers of JSON are doubles here, as the reference has them; those of YAML may be whole. */
export function valueOfJson(json: Json, budget: Budget, numbers: "double" | "whole"): Value {
  budget.spend(2);
  if (json === null) return undefined;
  if (typeof json === "number")
    return numbers === "whole" && Number.isSafeInteger(json) ? BigInt(json) : json;
  if (typeof json !== "object") return json;
  budget.enter();
  const value = isJsonList(json)
    ? json.map((item) => valueOfJson(item, budget, numbers))
    : new Dictionary(
        new Map(
          Object.entries(json).map(([key, inner]) => [key, valueOfJson(inner, budget, numbers)]),
        ),
      );
  budget.leave();
  return value;
}

const isJsonList = (json: Json): json is readonly Json[] => Array.isArray(json);
const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
