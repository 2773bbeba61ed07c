import { homedir } from "node:os";
import { resolve } from "node:path";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textType } from "../core/hcl/types.ts";
import { boolValue, setValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";
import { filesBelow } from "./file-set.ts";
import { JobFolder } from "./job-folder.ts";

const string: TypeSpec = { kind: "string" };

/** The functions that read files: only what lies in the folder of the job file, and only so much of it. */
export function fileFunctions(path: string): Readonly<Record<string, LanguageFunction>> {
  const folder = new JobFolder(path);
  const ofPath = (compute: (path: string) => Value): LanguageFunction => ({
    params: [string],
    call: ([text]) => compute(textOf(text)),
  });
  return {
    file: ofPath((name) => {
      const bytes = folder.read(expanded(name));
      const text = bytes.toString("utf8");
      if (Buffer.from(text, "utf8").equals(bytes)) return textValue(text);
      throw new CallFault(`${name} does not hold UTF-8 text; filebase64 takes any file`, 0);
    }),
    filebase64: ofPath((name) => textValue(folder.read(expanded(name)).toString("base64"))),
    fileexists: ofPath((name) => boolValue(folder.exists(expanded(name)))),
    fileset: {
      params: [string, string],
      call: ([name, pattern]) =>
        setValue(filesBelow(folder, textOf(name), textOf(pattern, 1)).map(textValue), textType),
    },
    pathexpand: ofPath((name) => textValue(expanded(name))),
    abspath: ofPath((name) => textValue(resolve(name))),
  };
}

/** A leading `~` is the home folder of whoever runs the command. */
function expanded(path: string): string {
  if (!path.startsWith("~")) return path;
  if (path.length > 1 && path[1] !== "/")
    throw new CallFault("the home folder of another user cannot be named", 0);
  return homedir() + path.slice(1);
}
