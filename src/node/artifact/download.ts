import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { abortReasonOf } from "../../lib/abort.ts";
import { formatByteSize } from "./core/byte-size.ts";
import { findInChecksumFile } from "./core/checksum.ts";
import type { Checksum, HashName } from "./core/checksum.ts";
import { failure } from "./failure.ts";
import { openHttp } from "./http-request.ts";
import type { HttpRequest } from "./http-request.ts";

type Digest = Extract<Checksum, { kind: "digest" }>;
const longestChecksumFile = 1024 * 1024;

/** Writes what is behind the address into a new file at `path`, and compares it with its checksum on the way. */
export async function download(
  request: HttpRequest,
  path: string,
  rules: { readonly maxBytes: number; readonly checksum: Digest | undefined },
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    const { checksum } = rules;
    const hash = checksum && createHash(checksum.hash);
    for await (const chunk of body(request, rules.maxBytes)) {
      hash?.update(chunk);
      await writeAll(file, chunk);
    }
    if (checksum && hash) compare(checksum, hash.digest("hex"));
  } finally {
    await file.close();
  }
}

/** The digest that a checksum names, fetched when it names a list. */
export async function digestFor(
  checksum: Checksum,
  request: HttpRequest,
): Promise<Extract<Checksum, { kind: "digest" }>> {
  if (checksum.kind === "digest") return checksum;
  const isSame = new URL(checksum.url).origin === new URL(request.url).origin;
  // Words for the artifact's own server go to no other.
  const headers = isSame ? request.headers : {};
  const chunks: Uint8Array[] = [];
  const asked = { ...request, headers, url: checksum.url };
  for await (const chunk of body(asked, longestChecksumFile)) chunks.push(chunk);
  const found = findInChecksumFile(Buffer.concat(chunks).toString("utf8"), request.url);
  if (found?.kind !== "digest") throw failure("the checksum file says nothing about this file");
  return found;
}

export async function writeAll(file: FileHandle, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length;)
    at += (await file.write(data, at, data.length - at)).bytesWritten;
}

/** A server may send more than it announced, and may announce nothing. */
async function* body(request: HttpRequest, maxBytes: number): AsyncIterable<Uint8Array> {
  const { deadline } = request;
  const response = await openHttp(request);
  const tooLarge = (): Error =>
    failure(`it is larger than the limit of ${formatByteSize(maxBytes)}`);
  let bytes = 0;
  try {
    if (Number(response.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
    for await (const chunk of response) {
      const data: Uint8Array = chunk;
      deadline.progress();
      bytes += data.length;
      if (bytes > maxBytes) throw tooLarge();
      yield data;
    }
  } catch (thrown) {
    throw deadline.signal.aborted ? abortReasonOf(deadline.signal) : thrown;
  } finally {
    response.destroy();
  }
}

function compare({ hash, hex }: { readonly hash: HashName; readonly hex: string }, got: string) {
  if (got !== hex) throw failure(`checksums did not match: expected ${hash} ${hex}, got ${got}`);
}
