import type { FunctionTable } from "../core/hcl/scope-types.ts";
import { collectionFunctions } from "./collection.ts";
import { encodingFunctions } from "./encoding.ts";
import { fileFunctions } from "./files.ts";
import { formatFunctions } from "./format.ts";
import { networkFunctions } from "./network.ts";
import { numericFunctions } from "./numeric.ts";
import { pathFunctions } from "./path.ts";
import { refusedFunctions } from "./refused.ts";
import { secretFunctions } from "./secrets.ts";
import { textFunctions } from "./text.ts";
import { timeFunctions } from "./time.ts";

/** All functions; with a folder also those that read files there. */
export const functionsFor = (folder: string | undefined): FunctionTable =>
  folder === undefined
    ? languageFunctions
    : new Map([...languageFunctions, ...Object.entries(fileFunctions(folder))]);

/** All functions of the language but `try`, `can` and `convert`, which look at their arguments unevaluated. */
const languageFunctions: FunctionTable = new Map([
  ...Object.entries(collectionFunctions),
  ...Object.entries(numericFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(encodingFunctions),
  ...Object.entries(networkFunctions),
  ...Object.entries(formatFunctions),
  ...Object.entries(pathFunctions),
  ...Object.entries(timeFunctions),
  ...Object.entries(secretFunctions),
  ...Object.entries(refusedFunctions),
]);
