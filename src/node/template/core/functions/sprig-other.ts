import { between, exactly, textFunction } from "../call.ts";
import type { Arguments, Calling, FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { Dictionary, isList, Structure, typeName, wholeNumber } from "../value.ts";
import type { Value } from "../value.ts";
import { isEmptyValue, toCount, toDouble, toWhole } from "./cast.ts";
import { decoded, json } from "./encode.ts";
import { nonZero } from "./numbers.ts";
import { parseJson } from "./parse.ts";

/** Defaults, numbers, types and encodings of the sprig collection. */
export const sprigOtherFunctions: FunctionTable = {
  default: between(1, 2, (given) =>
    given.count < 2 || isEmptyValue(given.any(1)) ? given.any(0) : given.any(1),
  ),
  empty: exactly(1, (given) => isEmptyValue(given.any(0))),
  coalesce: between(0, Infinity, (given) => given.all.find((value) => !isEmptyValue(value))),
  all: between(0, Infinity, (given) => !given.all.some(isEmptyValue)),
  any: between(0, Infinity, (given) => given.all.some((value) => !isEmptyValue(value))),
  ternary: exactly(3, (given) => {
    const decides = given.any(2);
    if (typeof decides !== "boolean") throw new CallFault("the last argument must be a bool");
    return decides ? given.any(0) : given.any(1);
  }),
  toJson: json({ indent: "", isEscaped: true }),
  toPrettyJson: json({ indent: "  ", isEscaped: true }),
  toRawJson: json({ indent: "", isEscaped: false }),
  fromJson: exactly(1, (given, { budget }) => parseJson(given.text(0), budget)),
  b64enc: textFunction((text, { host }) => host.encodeBase64(text)),
  b64dec: textFunction((text, { host }) => decoded(host.decodeBase64(text), "b64dec")),
  sha1sum: digest("sha1"),
  sha256sum: digest("sha256"),
  sha512sum: digest("sha512"),
  add: folded((a, b) => a + b),
  add1: exactly(1, (given) => wholeNumber(toWhole(given.any(0)) + 1n)),
  sub: exactly(2, (given) => wholeNumber(toWhole(given.any(0)) - toWhole(given.any(1)))),
  mul: folded((a, b) => a * b),
  div: exactly(2, (given) => wholeNumber(toWhole(given.any(0)) / nonZero(toWhole(given.any(1))))),
  mod: exactly(2, (given) => wholeNumber(toWhole(given.any(0)) % nonZero(toWhole(given.any(1))))),
  max: folded((a, b) => (a > b ? a : b)),
  min: folded((a, b) => (a < b ? a : b)),
  floor: exactly(1, (given) => Math.floor(toDouble(given.any(0)))),
  ceil: exactly(1, (given) => Math.ceil(toDouble(given.any(0)))),
  round: between(2, 3, round),
  int: exactly(1, (given) => toWhole(given.any(0))),
  int64: exactly(1, (given) => toWhole(given.any(0))),
  float64: exactly(1, (given) => toDouble(given.any(0))),
  atoi: exactly(1, (given) => toWhole(given.text(0))),
  until: exactly(1, (given, calling) => {
    const count = toCount(given.any(0));
    return steps(0, count, { step: count < 0 ? -1 : 1, calling });
  }),
  untilStep: exactly(3, (given, calling) =>
    steps(toCount(given.any(0)), toCount(given.any(1)), { step: toCount(given.any(2)), calling }),
  ),
  typeOf: exactly(1, (given) => typeName(given.any(0))),
  kindOf: exactly(1, (given) => kindOf(given.any(0))),
  kindIs: exactly(2, (given) => kindOf(given.any(1)) === given.text(0)),
};

function digest(algorithm: "sha1" | "sha256" | "sha512"): TemplateFunction {
  return textFunction((text, { host }) => host.digest(algorithm, text));
}

function folded(combine: (a: bigint, b: bigint) => bigint): TemplateFunction {
  return between(1, Infinity, (given) =>
    given.all.map(toWhole).reduce((a, b) => wholeNumber(combine(a, b))),
  );
}

/** To so many digits behind the point; from `.5` on, or from what is given, upwards. */
function round(given: Arguments): number {
  const factor = 10 ** Math.min(Math.max(toCount(given.any(1)), 0), 15);
  const scaled = toDouble(given.any(0)) * factor;
  const roundsUpFrom = given.count > 2 ? toDouble(given.any(2)) : 0.5;
  const down = Math.floor(scaled);
  return (scaled - down >= roundsUpFrom ? Math.ceil(scaled) : down) / factor;
}

function steps(
  from: number,
  to: number,
  { step, calling }: { readonly step: number; readonly calling: Calling },
): readonly Value[] {
  const count = step === 0 ? 0 : Math.max(Math.ceil((to - from) / step), 0);
  calling.budget.spend(count);
  return Array.from({ length: count }, (_, at) => BigInt(from + at * step));
}

function kindOf(value: Value): string {
  if (isList(value)) return "slice";
  if (value instanceof Dictionary) return "map";
  if (value instanceof Structure) return "struct";
  return value === undefined ? "invalid" : typeName(value);
}
