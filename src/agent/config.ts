import { readFileSync, readdirSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { errorText } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { agentConfigSchema } from "./schema/agent-keys.ts";
import { parseConfigText } from "./core/config-text.ts";
import { decodeConfig, type DecodedConfig } from "./core/decode-config.ts";
import { mergeConfig } from "./core/merge-config.ts";
import { createSettings, type Place, type Settings } from "./settings.ts";

export interface LoadedConfig {
  readonly settings: Settings;
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}
export type ConfigResult =
  | { readonly ok: true; readonly config: LoadedConfig }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Reads every `-config` path in order and lays the flags over them. */
export function loadConfig(options: {
  readonly paths: readonly string[];
  readonly base: JsonObject;
  readonly flags: JsonObject;
}): ConfigResult {
  let values: JsonObject = mergeConfig({ name: hostname() }, options.base, agentConfigSchema);
  const files: string[] = [];
  const warnings: string[] = [];
  const unacted = new Set<string>();
  const places = new Map<string, Place>();
  for (const path of options.paths) {
    const found = filesAt(path);
    if (!found.ok) return { ok: false, errors: [found.error] };
    if (found.files.length === 0) warnings.push(`No configuration loaded from ${path}`);
    for (const file of found.files) {
      const decoded = readOne(file);
      if (!decoded.ok) return decoded;
      values = mergeConfig(values, decoded.values, agentConfigSchema);
      for (const key of decoded.unacted) unacted.add(key);
      for (const [name, start] of decoded.places) places.set(name, { file, start });
      files.push(file);
    }
  }
  values = mergeConfig(values, options.flags, agentConfigSchema);
  if (unacted.size > 0)
    warnings.push(
      `accepted but not acted on in this version: ${[...unacted].toSorted().join(", ")}`,
    );
  return { ok: true, config: { settings: createSettings(values, places), files, warnings } };
}

type FilesResult =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** A file of any name, or the `.hcl` and `.json` files of a folder in byte order. */
function filesAt(path: string): FilesResult {
  try {
    if (!statSync(path).isDirectory()) return { ok: true, files: [path] };
    const names = readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /\.(?:hcl|json)$/.test(entry.name))
      .map((entry) => entry.name)
      .filter((name) => !name.endsWith("~") && !name.startsWith(".#") && !/^#.*#$/.test(name));
    return { ok: true, files: names.toSorted(byBytes).map((name) => join(path, name)) };
  } catch (thrown) {
    return { ok: false, error: `Error loading configuration from ${path}: ${errorText(thrown)}` };
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

type FileResult =
  | ({ readonly ok: true } & Omit<DecodedConfig, "faults">)
  | { readonly ok: false; readonly errors: readonly string[] };

function readOne(file: string): FileResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    return {
      ok: false,
      errors: [`Error loading configuration from ${file}: ${errorText(thrown)}`],
    };
  }
  const parsed = parseConfigText(text, file);
  if (!parsed.ok) return { ok: false, errors: [faultText(parsed.diagnostic)] };
  const decoded = decodeConfig(parsed.entries, agentConfigSchema, file);
  if (decoded.faults.length > 0) return { ok: false, errors: decoded.faults.map(faultText) };
  return { ok: true, ...decoded };
}

function faultText(fault: Diagnostic): string {
  const place = fault.start === undefined ? "" : `:${fault.start.line},${fault.start.column}`;
  const detail = fault.detail === "" ? "" : `; ${fault.detail}`;
  return `Error loading configuration from ${fault.file ?? ""}${place}: ${fault.summary}${detail}`;
}
