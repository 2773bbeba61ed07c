import type { Json } from "../../../lib/json.ts";

/** What only a library or the machine can do, handed in. */
export interface Host {
  /** Answers what is wrong with a pattern by throwing. Must take linear time on every text. */
  readonly pattern: (source: string) => Pattern;
  /** Lower-case hexadecimal. */
  readonly digest: (algorithm: "md5" | "sha1" | "sha256" | "sha512", text: string) => string;
  readonly hmacSha256: (key: string, text: string) => string;
  readonly encodeBase64: (text: string) => string;
  /** undefined for what is no base64. */
  readonly decodeBase64: (text: string) => string | undefined;
  /** Throws with what is wrong. Absent where there is no reader. */
  readonly parseYaml?: (text: string) => Json;
  /** Unix time in milliseconds at which this rendering takes place. */
  readonly nowMs: number;
}

export interface Pattern {
  readonly find: (text: string) => boolean;
  readonly matches: (text: string) => Iterable<{
    readonly start: number;
    readonly end: number;
    readonly group: (name: string | number) => string | undefined;
  }>;
}
