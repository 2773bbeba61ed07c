import { parseDuration } from "../../lib/duration.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textValue } from "../core/hcl/value.ts";
import type { TypeSpec } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };

/** Paths as text, and times. None of these looks at a disk or a clock. */
export const pathAndTimeFunctions: Readonly<Record<string, LanguageFunction>> = {
  basename: {
    params: [string],
    call: ([path]) => {
      const trimmed = textOf(path).replace(/\/+$/, "");
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
  timeadd: {
    params: [string, string],
    call: ([time, duration]) => textValue(addTime(textOf(time), textOf(duration, 1))),
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

/** Adds to an RFC 3339 time and keeps its offset. */
function addTime(time: string, duration: string): string {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(time);
  const seconds = match ? Date.parse(`${match[1]}Z`) / 1000 : Number.NaN;
  if (!match || Number.isNaN(seconds))
    throw new CallFault(`${JSON.stringify(time)} is no time in RFC 3339 form`, 0);
  const added = parseDuration(duration);
  if (added === undefined) throw new CallFault(`${JSON.stringify(duration)} is no duration`, 1);
  const sum = BigInt(seconds) * 1_000_000_000n + fractionNs(match[2]) + BigInt(Math.round(added));
  const rest = ((sum % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const whole = new Date(Number((sum - rest) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = rest.toString().padStart(9, "0").replace(/0+$/, "");
  return `${whole}${digits === "" ? "" : `.${digits}`}${match[3] ?? "Z"}`;
}

const fractionNs = (fraction: string | undefined): bigint =>
  BigInt((fraction ?? ".").slice(1, 10).padEnd(9, "0"));
