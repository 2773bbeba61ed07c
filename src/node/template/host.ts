import { createHash, createHmac } from "node:crypto";
import type { Json } from "../../lib/json.ts";
import { linearPattern } from "../../lib/system/regexp.ts";
import type { Host } from "./core/host-types.ts";

/** What templates need of libraries. YAML is read by whoever owns a reader. */
export const createHost = (
  nowMs: number,
  parseYaml: ((text: string) => Json) | undefined,
): Host => ({
  pattern: linearPattern,
  digest: (algorithm, text) => createHash(algorithm).update(text).digest("hex"),
  hmacSha256: (key, text) => createHmac("sha256", key).update(text).digest("hex"),
  encodeBase64: (text) => Buffer.from(text).toString("base64"),
  decodeBase64,
  ...(parseYaml === undefined ? {} : { parseYaml }),
  nowMs,
});

function decodeBase64(text: string): string | undefined {
  const plain = text.replaceAll(/[\r\n]/g, "");
  const isWhole = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
  return isWhole ? Buffer.from(plain, "base64").toString("utf8") : undefined;
}
