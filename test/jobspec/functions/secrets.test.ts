import { constants, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { compareSync } from "bcryptjs";
import { expect, test } from "vitest";
import { faultOf, textOf, valueOf } from "../support.ts";

test("digests are the known ones", () => {
  expect(valueOf('md5("")')).toBe("d41d8cd98f00b204e9800998ecf8427e");
  expect(valueOf('sha1("abc")')).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
  expect(valueOf('sha256("abc")')).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(valueOf('sha512("\u00e9")')).toHaveLength(128);
});

test("a name in a space always has the same identifier", () => {
  expect(valueOf('uuidv5("dns", "www.example.com")')).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  expect(valueOf('uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")')).toBe(
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  );
  const ids = ["dns", "url", "oid", "x500"].map((space) => valueOf(`uuidv5("${space}", "a")`));
  expect(new Set(ids).size).toBe(4);
  for (const space of ["DNS", "constructor", "6ba7b810"])
    expect(faultOf(() => valueOf(`uuidv5("${space}", "a")`))).toBe("1,9 Invalid function argument");
});

test("every random identifier is another one", () => {
  expect(valueOf("uuidv4()")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  expect(valueOf("uuidv4() == uuidv4()")).toBe(false);
});

test("a password is hashed so that others can check it", () => {
  const hashed = textOf('bcrypt("s3cret", 4)');
  expect(hashed).toMatch(/^\$2a\$04\$.{53}$/);
  expect(compareSync("s3cret", hashed)).toBe(true);
  expect(valueOf('bcrypt("x")')).toMatch(/^\$2a\$10\$/);
  const long = "x".repeat(73);
  expect(faultOf(() => valueOf(`bcrypt("${long}", 4)`))).toBe("1,9 Invalid function argument");
  for (const cost of ["15", "32", "4.5"])
    expect(faultOf(() => valueOf(`bcrypt("x", ${cost})`))).toBe("1,13 Invalid function argument");
  expect(faultOf(() => valueOf('bcrypt("x", 4, 5)'))).toBe("1,16 Invalid function argument");
});

test("what was encrypted for a key is read with it", () => {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const padding = constants.RSA_PKCS1_PADDING;
  const plain = Buffer.from("h\u00e9llo");
  const sealed = publicEncrypt({ key: keys.publicKey, padding }, plain).toString("base64");
  const names = { sealed, key: keys.privateKey };
  expect(valueOf("rsadecrypt(sealed, key)", names)).toBe("h\u00e9llo");
  const fault = (expression: string): string => faultOf(() => valueOf(expression, names));
  expect(fault('rsadecrypt("!", key)')).toBe("1,13 Invalid function argument");
  expect(fault('rsadecrypt(sealed, "no key")')).toBe("1,21 Invalid function argument");
  const other = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  expect(faultOf(() => valueOf("rsadecrypt(sealed, key)", { sealed, key: String(other) }))).toBe(
    "1,20 Invalid function argument",
  );
});
