import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textValue } from "../core/hcl/value.ts";
import type { TypeSpec } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };

/** Paths as text. None of these looks at a disk. */
export const pathFunctions: Readonly<Record<string, LanguageFunction>> = {
  basename: {
    params: [string],
    call: ([path]) => {
      let end = textOf(path).length;
      while (textOf(path)[end - 1] === "/") end -= 1;
      const trimmed = textOf(path).slice(0, end);
      if (trimmed === "") return textValue(textOf(path) === "" ? "." : "/");
      return textValue(trimmed.slice(trimmed.lastIndexOf("/") + 1));
    },
  },
  dirname: {
    params: [string],
    call: ([path]) => {
      const text = textOf(path);
      const at = text.lastIndexOf("/");
      return textValue(at < 0 ? "." : cleanPath(text.slice(0, at + 1)));
    },
  },
};

function cleanPath(path: string): string {
  const out: string[] = [];
  const isRooted = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!isRooted) out.push(part);
  }
  const joined = out.join("/");
  return isRooted ? `/${joined}` : joined === "" ? "." : joined;
}
