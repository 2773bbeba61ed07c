import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";

const refuse = (reason: string): LanguageFunction => ({
  params: [],
  rest: { kind: "nullable" },
  call: () => {
    throw new CallFault(reason);
  },
});

/** Functions that exist in the language and that only the command line has, so that the fault says why. */
export const refusedFunctions: Readonly<Record<string, LanguageFunction>> = Object.fromEntries(
  ["file", "filebase64", "fileexists", "fileset", "pathexpand", "abspath"].map(
    (name) =>
      [
        name,
        refuse(
          "file functions work only where a job file is read by the command line; give the content itself or a variable",
        ),
      ] as const,
  ),
);
