import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CallFault } from "../core/hcl/scope-types.ts";
import { linearPattern } from "../../lib/system/regexp.ts";
import type { LinearPattern } from "../../lib/system/regexp.ts";
import type { JobFolder } from "./job-folder.ts";

const mostEntries = 10_000;

/** Files below a path whose way from there fits the pattern, told by that way. Linked folders are not entered. */
export function filesBelow(folder: JobFolder, path: string, pattern: string): readonly string[] {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes(".."))
    throw new CallFault("a pattern cannot lead out of the folder that it is looked for in", 1);
  const fits = compiled(parts);
  const root = folder.inside(path);
  if (root === undefined || statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [];
  const found: string[] = [];
  const deepest = parts.includes("**") ? Number.POSITIVE_INFINITY : parts.length;
  let seen = 0;
  const open: { readonly way: string; readonly depth: number }[] = [{ way: "", depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(join(root, next.way), next.way)) {
      seen += 1;
      if (seen > mostEntries)
        throw new CallFault(`there are more than ${mostEntries} files to look at`, 0);
      const way = next.way === "" ? entry.name : `${next.way}/${entry.name}`;
      if (entry.isDirectory() && next.depth < deepest) open.push({ way, depth: next.depth + 1 });
      else if (fits.find(way) && isFile(folder, join(root, way))) found.push(way);
    }
  }
  return found;
}

function entriesOf(path: string, way: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CallFault(`the folder ${way === "" ? "." : way} cannot be listed: ${reason}`, 0);
  }
}

function isFile(folder: JobFolder, path: string): boolean {
  const real = folder.inside(path);
  return real !== undefined && statSync(real, { throwIfNoEntry: false })?.isFile() === true;
}

function compiled(parts: readonly string[]): LinearPattern {
  const ways = parts.map((part, at) => {
    const isLast = at === parts.length - 1;
    if (part === "**") return isLast ? ".*" : "(?:[^/]+/)*";
    return partPattern(part) + (isLast ? "" : "/");
  });
  try {
    return linearPattern(`^(?s:${ways.join("")})$`);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CallFault(`the pattern cannot be used: ${reason}`, 1);
  }
}

/** `*`, `?`, `[a-z]`, `{one,two}` and a backslash before a plain character. */
function partPattern(part: string): string {
  let out = "";
  let braces = 0;
  const piece = /\\(.)|\[([!^]?)((?:\\.|[^\]\\])+)\]|([*?{},])|([^])/gsu;
  for (const [, escaped, negated, set, sign, plain] of part.matchAll(piece)) {
    if (escaped !== undefined) out += quoted(escaped);
    else if (set !== undefined)
      out += `[${negated === "" ? "" : "^/"}${set.replaceAll(/[[\]^]/g, String.raw`\$&`)}]`;
    else if (sign === "*") out += "[^/]*";
    else if (sign === "?") out += "[^/]";
    else if (sign === "{") {
      braces += 1;
      out += "(?:";
    } else if (sign === "}" && braces > 0) {
      braces -= 1;
      out += ")";
    } else if (sign === "," && braces > 0) out += "|";
    else out += quoted(sign ?? plain ?? "");
  }
  if (braces > 0) throw new CallFault("a brace in the pattern is not closed", 1);
  return out;
}

const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
