import { failed } from "../errors.ts";

/** Refuses what cannot be the id of a `what`, with the words of this wire. */
export function checkUuid(id: string, what: string): void {
  const trouble = `${what} lookup failed: index error: `;
  if (id.length !== 36) throw failed(`${trouble}UUID must be 36 characters`);
  if ([8, 13, 18, 23].some((at) => id[at] !== "-"))
    throw failed(`${trouble}Invalid UUID: UUID should have 4 hyphens`);
  refuseNonHex(id.replaceAll("-", ""), trouble);
}

/** A prefix of an id: any run of hex digits, hyphens ignored. */
export function checkUuidPrefix(prefix: string, what: string): void {
  refuseNonHex(prefix.replaceAll("-", ""), `${what} lookup failed: index error: `);
}

function refuseNonHex(text: string, trouble: string): void {
  const bad = /[^0-9a-fA-F]/u.exec(text)?.[0];
  if (bad === undefined) return;
  const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw failed(`${trouble}Invalid UUID: encoding/hex: invalid byte: U+${code} '${bad}'`);
}
