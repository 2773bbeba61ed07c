import type { FunctionTable } from "../call.ts";
import { builtinFunctions } from "./builtin.ts";
import { collectionFunctions } from "./collections.ts";
import { compareFunctions } from "./compare.ts";
import { encodeFunctions } from "./encode.ts";
import { nomadFunctions } from "./nomad.ts";
import { numberFunctions } from "./numbers.ts";
import { parseFunctions } from "./parse.ts";
import { refusalOf } from "./refused.ts";
import { sprigListFunctions } from "./sprig-lists.ts";
import { sprigOtherFunctions } from "./sprig-other.ts";
import { sprigTextFunctions } from "./sprig-text.ts";
import { textFunctions } from "./text.ts";

const sprigFunctions: FunctionTable = {
  ...sprigTextFunctions,
  ...sprigListFunctions,
  ...sprigOtherFunctions,
};

/**
 * All functions. Those of the sprig collection have their prefix, as in the reference, and also their plain name
 * where no other function has it.
 */
export const allFunctions: FunctionTable = Object.assign(
  Object.create(null) as Record<string, never>,
  sprigFunctions,
  Object.fromEntries(Object.entries(sprigFunctions).map(([name, call]) => [`sprig_${name}`, call])),
  builtinFunctions,
  compareFunctions,
  textFunctions,
  numberFunctions,
  parseFunctions,
  encodeFunctions,
  collectionFunctions,
  nomadFunctions,
);

/** Why no function of this name can be called; undefined for one that can. */
export function refuseFunction(name: string): string | undefined {
  if (allFunctions[name] !== undefined) return undefined;
  return refusalOf(name) ?? `function ${JSON.stringify(name)} not defined`;
}
