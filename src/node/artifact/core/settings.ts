import { parseNetwork } from "./address.ts";
import type { Network } from "./address.ts";
import { parseByteSize } from "./byte-size.ts";

/** Limits of fetching; `Infinity` stands for none. */
export interface ArtifactSettings {
  /** For one download as a whole, redirects and checksum file included. */
  readonly httpTimeoutMs: number;
  readonly httpMaxBytes: number;
  readonly gitTimeoutMs: number;
  /** How long a server may send nothing. */
  readonly stallTimeoutMs: number;
  readonly maxFiles: number;
  /** What an archive may unpack to. */
  readonly maxUnpackedBytes: number;
  /** Networks among those refused by default (loopback, link-local, metadata, multicast) that are allowed here. */
  readonly allowedNetworks: readonly Network[];
}
/** The words of the `client.artifact` block; zero means no limit. */
export interface ArtifactWords {
  readonly httpReadTimeoutMs: number;
  readonly httpMaxSize: string;
  readonly gitTimeoutMs: number;
  readonly decompressionFileCountLimit: number;
  readonly decompressionSizeLimit: string;
  /** `127.0.0.0/8`, `169.254.10.1`. */
  readonly allowedNetworks: readonly string[];
}
export type SettingsResult =
  | { readonly ok: true; readonly settings: ArtifactSettings }
  | { readonly ok: false; readonly errors: readonly string[] };

/** As the reference publishes them; it knows no stall and refuses no network. */
export const defaultArtifactSettings: ArtifactSettings = {
  httpTimeoutMs: 30 * 60_000,
  httpMaxBytes: 100e9,
  gitTimeoutMs: 30 * 60_000,
  stallTimeoutMs: 60_000,
  maxFiles: 4096,
  maxUnpackedBytes: 100e9,
  allowedNetworks: [],
};

export function readArtifactSettings(words: ArtifactWords): SettingsResult {
  const errors: string[] = [];
  const limit = (name: string, value: number | undefined): number => {
    if (value === undefined || !(value >= 0)) errors.push(`${name} must not be negative`);
    return value === undefined || value === 0 ? Infinity : value;
  };
  const size = (name: string, text: string): number => {
    const bytes = parseByteSize(text);
    if (bytes === undefined)
      errors.push(`${name} ${JSON.stringify(text)} is no size such as 100GB`);
    return limit(name, bytes ?? 0);
  };
  const network = (text: string): Network[] => {
    const parsed = parseNetwork(text);
    if (parsed === undefined)
      errors.push(`${JSON.stringify(text)} is no network such as 10.0.0.0/8`);
    return parsed === undefined ? [] : [parsed];
  };
  const settings = {
    httpTimeoutMs: limit("http_read_timeout", words.httpReadTimeoutMs),
    httpMaxBytes: size("http_max_size", words.httpMaxSize),
    gitTimeoutMs: limit("git_timeout", words.gitTimeoutMs),
    stallTimeoutMs: defaultArtifactSettings.stallTimeoutMs,
    maxFiles: limit("decompression_file_count_limit", words.decompressionFileCountLimit),
    maxUnpackedBytes: size("decompression_size_limit", words.decompressionSizeLimit),
    allowedNetworks: words.allowedNetworks.flatMap(network),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings };
}
