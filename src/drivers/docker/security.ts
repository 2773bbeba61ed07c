import { readFile } from "node:fs/promises";
import type { JsonObject } from "../../lib/json.ts";
import { optionFlag, optionTexts } from "../core/option-table.ts";
import { refusal } from "./refusal.ts";

/**
 * The engine wants a seccomp profile as JSON text where people name a file. No program in a container gains rights by
 * being started, unless the job says `no-new-privileges=false` or asks for all rights anyway.
 */
export async function securityOptions(values: JsonObject): Promise<string[]> {
  const written = optionTexts(values, "security_opt");
  const isSaid = written.some((option) => /^no-new-privileges(?:[=:]|$)/.test(option));
  const own = isSaid || optionFlag(values, "privileged") ? [] : ["no-new-privileges"];
  return [...own, ...(await Promise.all(written.map(securityOption)))];
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
