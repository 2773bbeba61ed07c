import { readFile } from "node:fs/promises";
import type { JsonObject } from "../../lib/json.ts";
import { optionTexts } from "../core/option-table.ts";
import { refusal } from "./refusal.ts";

/** The engine wants a seccomp profile as JSON text where people name a file. */
export async function securityOptions(values: JsonObject): Promise<string[]> {
  return await Promise.all(optionTexts(values, "security_opt").map(securityOption));
}

async function securityOption(written: string): Promise<string> {
  if (written === "no-new-privileges") return written;
  const match = /^([^=:]+)[=:](.+)$/s.exec(written);
  if (!match) throw refusal(`invalid security_opt: "${written}"`);
  const [, name = "", value = ""] = match;
  if (name !== "seccomp" || value === "unconfined") return `${name}=${value}`;
  try {
    const profile: unknown = JSON.parse(await readFile(value, "utf8"));
    return `seccomp=${JSON.stringify(profile)}`;
  } catch (thrown) {
    throw refusal(`opening seccomp profile (${value}) failed`, thrown);
  }
}
