import type { FunctionTable } from "../core/hcl/scope-types.ts";
import { collectionFunctions } from "./collection.ts";
import { encodingFunctions } from "./encoding.ts";
import { numericFunctions } from "./numeric.ts";
import { textFunctions } from "./text.ts";

/** All functions of the language but `try`, `can` and `convert`, which look at their arguments unevaluated. */
export const languageFunctions: FunctionTable = new Map([
  ...Object.entries(collectionFunctions),
  ...Object.entries(numericFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(encodingFunctions),
]);
