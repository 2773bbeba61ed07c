import { constants, createHash, createPrivateKey, privateDecrypt, randomUUID } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import type { hashSync } from "bcryptjs";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { step, steps } from "./work.ts";
import { textOf, wholeOf } from "./arguments.ts";
import { base64Bytes } from "./encoding.ts";

const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const hash = (algorithm: string): LanguageFunction => ({
  params: [string],
  work: steps(4),
  call: ([text]) => textValue(createHash(algorithm).update(textOf(text), "utf8").digest("hex")),
});

/** Digests, passwords, keys and identifiers. */
export const secretFunctions: Readonly<Record<string, LanguageFunction>> = {
  md5: hash("md5"),
  sha1: hash("sha1"),
  sha256: hash("sha256"),
  sha512: hash("sha512"),
  bcrypt: {
    params: [string],
    rest: number,
    work: ([, cost]) => step * stepsOfRound * 2 ** costOf(cost),
    call: ([text, ...costs]) => {
      if (costs.length > 1) throw new CallFault("takes no more than two arguments", 2);
      return passwordHash(textOf(text), costOf(costs[0]));
    },
  },
  rsadecrypt: {
    params: [string, string],
    // The work grows with the third power of the key's length.
    work: ([, key]) => step * (1000 + Math.min(1e6, (textOf(key, 1).length / 100) ** 3)),
    call: ([text, key]) => decrypted(textOf(text), textOf(key, 1)),
  },
  uuidv4: { params: [], work: steps(2), call: () => textValue(randomUUID()) },
  uuidv5: {
    params: [string, string],
    work: steps(6),
    call: ([space, name]) => textValue(namedUuid(textOf(space), textOf(name, 1))),
  },
};

const require = createRequire(import.meta.url);
/** Loaded when it is needed: hardly any job file hashes a password. */
const bcrypt = (): { readonly hashSync: typeof hashSync } =>
  require("bcryptjs") as { readonly hashSync: typeof hashSync };

/** Each cost doubles the rounds; more than this holds the agent up for too long. */
const costliest = 12;
/** Measured, for the two texts that every round hashes. */
const stepsOfRound = 100;

/** Costs below the algorithm's own least one mean the usual one. */
function costOf(wanted: Value | undefined): number {
  const cost = wanted === undefined ? 0 : wholeOf(wanted, 1);
  if (cost > 31) throw new CallFault("the cost must be between 4 and 31", 1);
  if (cost > costliest)
    throw new CallFault(`a cost above ${costliest} takes longer than is allowed here`, 1);
  return cost < 4 ? 10 : cost;
}

function passwordHash(text: string, cost: number): Value {
  if (Buffer.byteLength(text, "utf8") > 72)
    throw new CallFault("the text must not be longer than 72 bytes", 0);
  return textValue(
    bcrypt()
      .hashSync(text, cost)
      .replace(/^\$2b\$/, "$2a$"),
  );
}

function decrypted(text: string, key: string): Value {
  const bytes = base64Bytes(text);
  const privateKey = readKey(key);
  const plain = withoutPadding(unlocked(bytes, privateKey));
  if (plain === undefined) throw new CallFault("the text cannot be decrypted with this key", 0);
  return textValue(plain.toString("utf8"));
}

/** Node refuses to take this padding off; it is done here, where nobody can ask often and watch the time. */
function unlocked(bytes: Buffer, key: KeyObject): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, bytes);
  } catch (thrown) {
    // What the library says could tell about the key; that it does not fit is all there is to know.
    if (thrown instanceof Error) return undefined;
    throw thrown;
  }
}

/** RFC 8017, 7.2.2: 0, 2, at least eight bytes that are not zero, 0, the message. */
function withoutPadding(block: Buffer | undefined): Buffer | undefined {
  const end = block?.indexOf(0, 2) ?? -1;
  if (block?.[0] !== 0 || block[1] !== 2 || end < 10) return undefined;
  return block.subarray(end + 1);
}

function readKey(pem: string): KeyObject {
  const bad = (): CallFault =>
    new CallFault("this is no private RSA key in PEM form without a passphrase", 1);
  try {
    const key = createPrivateKey({ key: pem, format: "pem" });
    if (key.asymmetricKeyType === "rsa") return key;
  } catch (thrown) {
    // The library's own words may quote the key.
    if (thrown instanceof Error) throw bad();
    throw thrown;
  }
  throw bad();
}

const knownSpaces: Readonly<Record<string, string>> = {
  dns: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  url: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
  oid: "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
  x500: "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
};

/** RFC 4122, version 5: the same name in the same space always gives the same identifier. */
function namedUuid(space: string, name: string): string {
  const id = Object.hasOwn(knownSpaces, space) ? (knownSpaces[space] ?? "") : space;
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new CallFault("a namespace is dns, url, oid, x500 or an identifier of its own", 0);
  const digest = createHash("sha1")
    .update(Buffer.from(id.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest()
    .subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
