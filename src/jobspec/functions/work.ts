import { sizeOf } from "../core/hcl/limits.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import type { Value } from "../core/hcl/value-types.ts";

type Work = NonNullable<LanguageFunction["work"]>;

/** One step of the evaluator; a call that says nothing takes two or three. Measured, about a microsecond. */
export const step = 64;

/** So many steps for every call. */
export const steps =
  (count: number): Work =>
  () =>
    count * step;

/** So many units for every character and element of all arguments, besides some steps for the call. */
export const perPart =
  (units: number, count = 0): Work =>
  (args) =>
    count * step + units * sizeOfAll(args);

export const sizeOfAll = (args: readonly Value[]): number =>
  args.reduce((sum, arg) => sum + sizeOf(arg), 0);

/** Characters as people see them are found by tables, and only beyond ASCII. */
export const graphemeUnits: Work = (args) =>
  args.reduce(
    (sum, arg) => sum + (arg.type === "string" && !isAscii(arg.text) ? arg.text.length * step : 0),
    0,
  );

const isAscii = (text: string): boolean => /^[\x20-\x7e\t]*$/.test(text);
