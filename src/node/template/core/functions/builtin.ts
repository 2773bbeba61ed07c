import { wellFormed } from "../../../../lib/well-formed.ts";
import type { Budget } from "../budget.ts";
import { asText, between, exactly } from "../call.ts";
import type { Arguments, Calling, FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { printAll, printLine } from "../print.ts";
import { printf } from "../printf.ts";
import { Dictionary, isList, Structure, typeName } from "../value.ts";
import type { Value } from "../value.ts";

/** Which arguments count is settled before they are looked at, so they are no calls like others. */
const decidedEarlier: TemplateFunction = between(1, Infinity, (given) => given.any(0));

/** The language's own functions but comparisons. */
export const builtinFunctions: FunctionTable = {
  and: decidedEarlier,
  or: decidedEarlier,
  len: exactly(1, (given, { budget }) => BigInt(lengthOf(given.any(0), budget))),
  index: between(1, Infinity, (given, { budget }) =>
    given.all.slice(1).reduce((whole, key) => elementOf(whole, key, budget), given.any(0)),
  ),
  slice: between(1, 4, sliceOf),
  print: between(0, Infinity, (given, { budget }) => printAll(given.all, budget)),
  println: between(0, Infinity, (given, { budget }) => printLine(given.all, budget)),
  printf: between(1, Infinity, (given, { budget }) =>
    printf(given.text(0), given.all.slice(1), budget),
  ),
  html: escaping((text) => text.replaceAll(/[<>&'"\0]/g, (mark) => htmlNames[mark] ?? "")),
  urlquery: escaping((text) =>
    encodeURIComponent(wellFormed(text))
      .replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+"),
  ),
};

const htmlNames: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&#39;",
  '"': "&#34;",
  "\0": "\ufffd",
};

function escaping(escape: (text: string) => string): TemplateFunction {
  return between(0, Infinity, (given, { budget }) => {
    const text = given.all.every((value) => typeof value === "string")
      ? given.all.join("")
      : printAll(given.all, budget);
    budget.scan(text.length);
    const escaped = escape(text);
    budget.produce(escaped.length);
    return escaped;
  });
}

function lengthOf(value: Value, budget: Budget): number {
  if (isList(value)) return value.length;
  if (value instanceof Dictionary) return value.entries.size;
  if (value === undefined) throw new CallFault("len of nil pointer");
  const text = value instanceof Structure ? value.text : value;
  if (typeof text !== "string") throw new CallFault(`len of type ${typeName(value)}`);
  budget.read(text.length * 4);
  return byteLength(text);
}

/** Texts are measured in bytes of UTF-8, as the language does. */
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function elementOf(collection: Value, key: Value, budget: Budget): Value {
  if (collection === undefined) throw new CallFault("index of untyped nil");
  if (collection instanceof Dictionary) {
    const name = asText(key);
    return collection.entries.has(name) ? collection.entries.get(name) : collection.zero;
  }
  if (isList(collection)) return collection[place(key, collection.length, "index")];
  if (typeof collection === "string") {
    budget.read(collection.length * 4);
    const bytes = new TextEncoder().encode(collection);
    return BigInt(bytes[place(key, bytes.length, "index")] ?? 0);
  }
  throw new CallFault(`can't index item of type ${typeName(collection)}`);
}

function place(key: Value, length: number, doing: "index" | "slice"): number {
  if (typeof key !== "bigint")
    throw new CallFault(`cannot index slice/array with type ${typeName(key)}`);
  const end = doing === "index" ? length - 1 : length;
  if (key < 0n || key > BigInt(end)) throw new CallFault(`index out of range: ${key}`);
  return Number(key);
}

function sliceOf(given: Arguments, { budget }: Calling): Value {
  const whole = given.any(0);
  if (typeof whole === "string") {
    if (given.count > 3) throw new CallFault("cannot 3-index slice a string");
    budget.read(whole.length * 4);
    const bytes = new TextEncoder().encode(whole);
    const [from, to] = bounds(given, bytes.length);
    budget.produce(to - from);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(from, to));
  }
  if (!isList(whole)) throw new CallFault(`can't slice item of type ${typeName(whole)}`);
  const [from, to] = bounds(given, whole.length);
  budget.spend(to - from);
  return whole.slice(from, to);
}

function bounds(given: Arguments, length: number): [from: number, to: number] {
  const from = given.count > 1 ? place(given.any(1), length, "slice") : 0;
  const to = given.count > 2 ? place(given.any(2), length, "slice") : length;
  if (given.count > 3) place(given.any(3), length, "slice");
  if (from > to) throw new CallFault(`invalid slice index: ${from} > ${to}`);
  return [from, to];
}
